/**
 * A kind of check is one file: what it is called, what it may be configured with, and how one probe is made. The runner
 * gives the deadline, the scheduler the time, the state domain the meaning; a kind knows none of these.
 */

import type { z } from 'zod'
import type { Clock, Logger } from '#main/ports.ts'
import type { CheckResult, Phase, Reason } from '#shared/contract/checks.ts'
import type { Role } from '#shared/contract/define.ts'
import type { Evidence } from '#shared/contract/evidence.ts'
import type { PingSource } from './heartbeat/ping-book.ts'
import type { PictureStore } from './pictures.ts'

export interface ProbeSample {
  /** blackbox_exporter's names: probe_success, probe_http_status_code, ... */
  readonly name: string
  readonly labels?: Readonly<Record<string, string>>
  readonly value: number
}

export interface ProbeOutcome {
  readonly outcome: CheckResult['outcome']
  readonly reason: Reason
  readonly durationMs: number
  /** In the order they happened. */
  readonly phases: readonly Phase[]
  /** Without probe_success and probe_duration_seconds, which the runner adds for every kind. */
  readonly samples: readonly ProbeSample[]
  /** Capped in size, secrets replaced. Sections that do not apply are left out. */
  readonly evidence: Evidence
  /** Looking again after so long will tell something else: the next probe comes then, if not sooner. */
  readonly againInMs?: number
}

export interface ProbePorts {
  readonly clock: Clock
  readonly logger: Logger
  /** What jobs told, for kinds that wait to be told. */
  readonly pings: PingSource
  /** Where pictures are kept that are too large for evidence. */
  readonly pictures: Pick<PictureStore, 'keep'>
  /** When `signal` will abort, from the beginning: for kinds that need time to end. */
  readonly timeoutMs: number
}

/** What was made of a recording of another tool, and what could not be. */
export interface ImportedConfig<C> {
  readonly config: C
  /** One line each, such as `step 3, hover: there is no such step`. */
  readonly leftOut: readonly string[]
}

export interface CheckKind<S extends z.ZodType = z.ZodType> {
  readonly kind: string
  readonly title: string
  readonly description: string
  /**
   * Options with `.meta({ title, description, unit, group, multiline, placeholder, secret })`, from which the form is
   * drawn: options without a group come first, the others are folded under it. Everything but the address has a default.
   */
  readonly config: S
  /** What is probed, as one line for tables and the `target` label. Never shows a secret. */
  target(config: z.output<S>): string
  /**
   * The host it looks at, where `target` does not begin with it; null when it looks at nothing beyond this machine. What
   * goes to a host is not judged while this machine has no network.
   */
  host?(config: z.output<S>): string | null
  /** A draft's configuration when this kind recognises the pasted text, else null. */
  guess?(text: string): z.input<S> | null
  /** A configuration from a recording of another tool, as text. Throws AppError `invalid` when it is none. */
  import?(text: string): ImportedConfig<z.input<S>>
  /** The id by which a job pings, of a kind that is told instead of looking: it is probed at each ping, too. */
  pingId?(config: z.output<S>): string
  /** The least role that may write or try such a check; operators may, unless it says otherwise. */
  readonly role?: Role
  /** The section of belfry.yaml that must be switched on before such a check is run, or even written. */
  readonly needs?: 'scripts'
  /** Its results are no samples of something that varies: each is believed at once, without confirmation. */
  readonly isCertain?: boolean
  /** Loads what would hold up the first probe; called before anything is watched. Never throws, cheap when repeated. */
  prepare?(): void
  /** At most this many probes of the kind at once, where each costs more than a socket. */
  readonly concurrency?: number
  /**
   * One probe. Expected failures are outcomes, not exceptions; `signal` aborts at the deadline and the kind then ends
   * at once with whatever it knows.
   */
  run(config: z.output<S>, ports: ProbePorts, signal: AbortSignal): Promise<ProbeOutcome>
}

export function defineCheckKind<S extends z.ZodType>(kind: CheckKind<S>): CheckKind<S> {
  return kind
}
