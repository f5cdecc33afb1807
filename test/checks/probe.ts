/** Runs one probe of a kind as the scheduler would, on the real clock. */
import { systemClock, systemTimers } from '#main/adapters/clock.ts'
import { timeOrderedIds } from '#main/adapters/ids.ts'
import type { CheckKind } from '#main/checks/kind.ts'
import { type ProbeReport, runProbe } from '#main/checks/runner.ts'
import { Evidence } from '#shared/contract/evidence.ts'
import { memoryLogger } from '#test/support/ports.ts'
import { probePorts } from './probe-ports.ts'

export interface Probed extends ProbeReport {
  readonly evidence: Evidence
  /** What was logged as a bug: nothing, if all is well. */
  readonly bugs: readonly unknown[]
  /** The value of a sample, by name and phase. */
  sample(name: string, phase?: string): number | undefined
}

export async function probe(kind: CheckKind, config: unknown, timeoutMs = 5000): Promise<Probed> {
  const logger = memoryLogger()
  const report = await runProbe(
    { checkId: 'probed', kind, config: kind.config.parse(config), timeoutMs },
    'manual',
    { ...probePorts({ logger }), timers: systemTimers, ids: timeOrderedIds(systemClock) },
    new AbortController(),
  )
  return {
    ...report,
    evidence: Evidence.parse(report.result.evidence),
    bugs: logger.lines,
    sample: (name, phase) =>
      report.samples.find((sample) => sample.name === name && sample.labels?.['phase'] === phase)?.value,
  }
}
