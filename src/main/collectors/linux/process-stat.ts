/** /proc/<pid>/stat. Source: man 5 proc_pid_stat. */
import { kernelNumber } from './number.ts'

export interface ProcessStat {
  readonly pid: number
  /** Up to 15 characters, chosen by the program itself: anything may be in it. */
  readonly name: string
  /** One letter, such as R or S. */
  readonly state: string
  readonly parentPid: number
  /** User and system time since the start. */
  readonly cpuTicks: number
  readonly threads: number
  /** Since the machine started. With `pid` it tells processes apart for good. */
  readonly startTicks: number
  readonly residentPages: number
}

/** Null for a text of another form. */
export function parseProcessStat(text: string): ProcessStat | null {
  const opened = text.indexOf('(')
  const closed = text.lastIndexOf(')')
  if (opened < 0 || closed < opened) return null
  const columns = text.slice(closed + 2).split(' ')
  const pid = kernelNumber(text.slice(0, opened).trim())
  const [state] = columns
  // Column 3 of the manual's list is the first here.
  const [parentPid, user, system, threads, start, pages] = [4, 14, 15, 20, 22, 24].map((column) =>
    kernelNumber(columns[column - 3]),
  )
  if (pid === null || !state || parentPid == null || user == null || system == null) return null
  if (threads == null || start == null || pages == null) return null
  return {
    pid,
    name: text.slice(opened + 1, closed).replace(/\p{Cc}/gu, ' '),
    state,
    parentPid,
    cpuTicks: user + system,
    threads,
    startTicks: start,
    residentPages: pages,
  }
}
