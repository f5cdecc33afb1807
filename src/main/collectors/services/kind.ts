/**
 * A kind of collector of services is one file: what it is called, what it may be configured with, and how one run reads
 * the service. The runner gives the deadline, the scheduler the time, the recorder the series; a kind knows none of
 * these. It only ever reads, and what it cannot read it says: there is no sample for it, never a zero.
 */
import type { z } from 'zod'
import type { Failure } from '#main/checks/network/failure.ts'
import type { Clock, Logger } from '#main/ports.ts'
import type { CollectorChart, CollectorDraft, CollectorStatus, MetricType } from '#shared/contract/collectors.ts'
import type { Role } from '#shared/contract/define.ts'
import type { Labels } from '#shared/domain/series.ts'

export interface MetricSample {
  /** Of the metric itself, in the same order always; `collector`, `instance` and the entry's own are added. */
  readonly labels: Labels
  readonly value: number
}

/** All samples of one name. */
export interface Metric {
  /** The name that the field's own exporter gives it. */
  readonly name: string
  readonly type: MetricType
  readonly help: string
  /** As units are written in names: seconds, bytes, ratio; empty where it counts. */
  readonly unit: string
  readonly samples: readonly MetricSample[]
}

/** What one run read. */
export interface Reading {
  readonly metrics: readonly Metric[]
  /** What is worth telling beside numbers: version, role. Rows of a name and a value. */
  readonly facts: CollectorStatus['facts']
  /** Parts that could not be read though the rest could, one sentence each. */
  readonly problems: readonly string[]
}

export interface ServicePorts {
  readonly clock: Clock
  readonly logger: Logger
  /** When `signal` will abort, from the beginning. */
  readonly timeoutMs: number
  /** belfry.yaml allows programs of this machine to be run. */
  readonly mayRunPrograms: boolean
}

/** Why nothing could be read. `down`: of the service; `unknown`: this machine's own trouble. */
export class ServiceRefusal extends Error {
  readonly failure: Failure

  constructor(failure: Failure) {
    super(failure.reason.message)
    this.failure = failure
  }
}

/** A service that answers at its usual place. */
export interface Detected {
  /** Such as `PostgreSQL on port 5432`. */
  readonly found: string
  readonly draft: Pick<CollectorDraft, 'name' | 'config'>
}

export interface ServiceKind<S extends z.ZodType = z.ZodType> {
  readonly kind: string
  readonly title: string
  readonly description: string
  /** Options with the same `.meta` as those of checks, from which the form is drawn. */
  readonly config: S
  /** What is read, as one line; the label `instance`. Never shows a secret. */
  target(config: z.output<S>): string
  /** The host that is asked; null when it is this machine. What goes to a host is not judged while there is no way to it. */
  host(config: z.output<S>): string | null
  /** The series that says 1 where the service answered and 0 where it is down, as its exporter calls it. */
  readonly upMetric?: string
  readonly charts: readonly CollectorChart[]
  /** The least role that may write or try such a collector; operators may, unless it says otherwise. */
  readonly role?: Role
  /** Looks whether such a service answers on this machine, at its usual place and without credentials. Never rejects. */
  detect?(ports: ServicePorts, signal: AbortSignal): Promise<Detected | null>
  /** Loads what would hold up the first run. Never throws, cheap when repeated. */
  prepare?(): void
  /** One run. Rejects with ServiceRefusal when nothing could be read; ends at once when `signal` aborts. */
  run(config: z.output<S>, ports: ServicePorts, signal: AbortSignal): Promise<Reading>
}

export function defineServiceKind<S extends z.ZodType>(kind: ServiceKind<S>): ServiceKind<S> {
  return kind
}
