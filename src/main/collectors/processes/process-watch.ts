/**
 * Looks at all processes on the medium tier: keeps the few that matter as a snapshot (never as series: their number has
 * no bound), and counts them as node_exporter's `processes` collector does.
 */
import { systemErrorText } from '#main/files/system-error.ts'
import type { Clock } from '#main/ports.ts'
import type { ProcessSnapshot } from '#shared/contract/host.ts'
import type { CollectedSample, Collector } from '../kind.ts'
import type { ProcessSource, SourcedProcess } from './process-source.ts'
import { type Look, topProcesses, turnover } from './top-processes.ts'

export interface ProcessWatch extends Collector {
  /** Of the last look; empty before the first. */
  snapshot(): ProcessSnapshot
}

export function watchProcesses<P extends SourcedProcess>(clock: Clock, source: ProcessSource<P>): ProcessWatch {
  let last: Look<P> | null = null
  let startedTotal = 0
  let endedTotal = 0
  let snapshot: ProcessSnapshot = { at: null, total: 0, processes: [], problem: null }
  return {
    kind: 'processes',
    title: 'Processes',
    tier: 'medium',
    snapshot: () => snapshot,
    async collect(signal) {
      let processes: P[]
      try {
        processes = await source.list(signal)
      } catch (error) {
        const problem = systemErrorText(error)
        snapshot = { ...snapshot, problem }
        return { samples: [], problems: [problem] }
      }
      const look = { atMs: clock.monotonicMs(), processes }
      if (last !== null) {
        const { started, ended } = turnover(last, look)
        startedTotal += started
        endedTotal += ended
      }
      const rows = source.rows(topProcesses(last, look))
      snapshot = { at: clock.now(), total: processes.length, processes: rows, problem: null }
      last = look
      return { samples: countSamples(processes, startedTotal, endedTotal), problems: [] }
    },
  }
}

function countSamples(processes: readonly SourcedProcess[], started: number, ended: number): CollectedSample[] {
  const perState = new Map<string, number>()
  for (const { state } of processes) perState.set(state, (perState.get(state) ?? 0) + 1)
  const threads = processes.reduce((sum, process) => sum + (process.threads ?? 0), 0)
  const sample = (name: string, value: number, labels: Record<string, string> = {}) => ({
    name,
    labels,
    value,
    decimals: 0,
  })
  return [
    sample('node_processes_pids', processes.length),
    ...(threads > 0 ? [sample('node_processes_threads', threads)] : []),
    ...[...perState].map(([state, count]) => sample('node_processes_state', count, { state })),
    sample('belfry_processes_started_total', started),
    sample('belfry_processes_ended_total', ended),
  ]
}
