/** Which processes are worth showing, and what they used between two looks. Pure. */
import type { ProcessRow } from '#shared/contract/host.ts'

/** One process at one look. */
export interface SeenProcess {
  readonly pid: number
  /** Tells two processes apart that had the same pid, one after the other. */
  readonly identity: string
  /** User and system time since its start, seconds; null where the system tells the share only. */
  readonly cpuSeconds: number | null
  /** Cores used just now, where the system tells it itself. */
  readonly toldCpuRatio: number | null
  readonly residentBytes: number
}

export interface Look<P extends SeenProcess> {
  /** Monotonic. */
  readonly atMs: number
  readonly processes: readonly P[]
}

export interface RankedProcess<P extends SeenProcess> {
  readonly process: P
  /** Cores used between the looks; null when it was not there at the first. */
  readonly cpuRatio: number | null
}

/** Shown of each order: by processor and by memory. */
export const topCount = 25

/**
 * The union of both tops, ordered by processor use, then by processor time since the process's start (which decides at
 * the first look, when nobody knows the use), then by memory.
 */
export function topProcesses<P extends SeenProcess>(before: Look<P> | null, now: Look<P>): RankedProcess<P>[] {
  const earlier = new Map(before?.processes.map((process) => [process.identity, process.cpuSeconds]))
  const elapsedSeconds = before === null ? 0 : (now.atMs - before.atMs) / 1000
  const ranked = now.processes.map((process) => ({
    process,
    cpuRatio: process.toldCpuRatio ?? ratioOf(process.cpuSeconds, earlier.get(process.identity), elapsedSeconds),
  }))
  const chosen = new Set([
    ...ranked.toSorted(byCpu).slice(0, topCount),
    ...ranked.toSorted(byMemory).slice(0, topCount),
  ])
  return [...chosen].sort((a, b) => byCpu(a, b) || byMemory(a, b))
}

type Order = (a: RankedProcess<SeenProcess>, b: RankedProcess<SeenProcess>) => number
const byCpu: Order = (a, b) =>
  (b.cpuRatio ?? 0) - (a.cpuRatio ?? 0) || (b.process.cpuSeconds ?? 0) - (a.process.cpuSeconds ?? 0)
const byMemory: Order = (a, b) => b.process.residentBytes - a.process.residentBytes

function ratioOf(seconds: number | null, earlier: number | null | undefined, elapsedSeconds: number): number | null {
  if (seconds === null || earlier == null || elapsedSeconds <= 0) return null
  return Math.max(0, seconds - earlier) / elapsedSeconds
}

/** How many came and went between two looks; what lived shorter than that is seen by none. */
export function turnover(before: Look<SeenProcess>, now: Look<SeenProcess>): { started: number; ended: number } {
  const earlier = new Set(before.processes.map((process) => process.identity))
  const later = new Set(now.processes.map((process) => process.identity))
  return {
    started: [...later].filter((identity) => !earlier.has(identity)).length,
    ended: [...earlier].filter((identity) => !later.has(identity)).length,
  }
}

/** A command line fit to be shown: one line, limited, without the values of options that are named like secrets. */
export function shownCommand(command: string): ProcessRow['command'] {
  const oneLine = command.replace(/\p{Cc}+/gu, ' ').trim()
  const safe = oneLine
    .replace(/(--?[\w-]*(?:password|passwd|passphrase|token|secret|api-?key)[= ])\S+/gi, '$1[hidden]')
    .replace(/(:\/\/)[^/\s:@]*:[^/\s@]+@/g, '$1[hidden]@')
  return safe.length > longestCommand ? `${safe.slice(0, longestCommand - 1)}…` : safe
}

/** Characters. */
const longestCommand = 500
