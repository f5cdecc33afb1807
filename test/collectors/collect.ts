/** Runs one collector of a kind as the schedule would, on the real clock. */
import { systemClock, systemTimers } from '#main/adapters/clock.ts'
import type { ServiceKind } from '#main/collectors/services/kind.ts'
import { readyCollector } from '#main/collectors/services/ready-collector.ts'
import { type RunOutcome, runCollector } from '#main/collectors/services/run-collector.ts'
import { CollectorDraft } from '#shared/contract/collectors.ts'
import type { Labels } from '#shared/domain/series.ts'
import { memoryLogger } from '#test/support/ports.ts'

export interface Collected extends RunOutcome {
  /** The code of the failure; null when everything was read. */
  readonly code: string | null
  /** What was logged as a bug: nothing, if all is well. */
  readonly bugs: readonly unknown[]
  /** The value of the sample with at least these labels. */
  value(name: string, labels?: Labels): number | undefined
  names(): string[]
}

export async function collect(
  kind: ServiceKind,
  config: CollectorDraft['config'],
  { timeoutMs = 5000, mayRunPrograms = false } = {},
): Promise<Collected> {
  const logger = memoryLogger()
  const draft = CollectorDraft.parse({ name: 'Collected', kind: kind.kind, timeoutMs, config })
  const collector = readyCollector({ id: 'collected', draft }, [kind])
  const ports = { clock: systemClock, timers: systemTimers, logger, mayRunPrograms: () => mayRunPrograms }
  const outcome = await runCollector(collector, ports, new AbortController())
  return {
    ...outcome,
    code: outcome.failure?.reason.code ?? null,
    bugs: logger.lines,
    value: (name, labels = {}) =>
      outcome.reading.metrics
        .find((metric) => metric.name === name)
        ?.samples.find((sample) => Object.entries(labels).every(([key, value]) => sample.labels[key] === value))?.value,
    names: () => outcome.reading.metrics.map(({ name }) => name),
  }
}
