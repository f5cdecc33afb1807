/**
 * A collector reads some part of a system on a tier and returns samples. It keeps no history and draws no conclusions;
 * what it could not read it says, and reports no sample for it.
 */
import type { Clock, Logger } from '#main/ports.ts'

export type CollectorTier = 'fast' | 'medium' | 'slow'

export interface CollectedSample {
  /** node_exporter's name. */
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
  /** Meaningful decimal places of the value (2 for CPU seconds: 10 ms); without it, kept bit-exact. */
  readonly decimals?: number
}

export interface Collected {
  readonly samples: readonly CollectedSample[]
  /** Parts that could not be read: what, and why. Empty when all went well. */
  readonly problems: readonly string[]
}

export interface Collector {
  readonly kind: string
  readonly title: string
  readonly tier: CollectorTier
  collect(signal: AbortSignal): Promise<Collected>
  close?(): void
}

export interface CollectorKind {
  readonly kind: string
  /** Null where this system has nothing of the kind (no /proc, no battery). */
  create(ports: { clock: Clock; logger: Logger }): Collector | null
}
