/** All processes from /proc/<pid>/stat, read in slices so that a machine with thousands does not stall the main loop. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ProcessRow } from '#shared/contract/host.ts'
import { pageSizeOf } from '../linux/page-size.ts'
import { parsePasswd } from '../linux/passwd.ts'
import { type ProcessStat, parseProcessStat } from '../linux/process-stat.ts'
import { type LinuxRoots, ticksPerSecond } from '../linux/roots.ts'
import { bootAtOf } from '../linux/stat.ts'
import type { ProcessSource, SourcedProcess } from './process-source.ts'
import { shownCommand } from './top-processes.ts'

/** Processes read at one go: about 1 ms. */
const sliceSize = 25

interface LinuxProcess extends SourcedProcess {
  readonly stat: ProcessStat
}

export function linuxProcesses(roots: LinuxRoots): ProcessSource<LinuxProcess> {
  const pageBytes = pageSizeOf(readFileSync(join(roots.proc, 'self/auxv')))
  return {
    async list(signal) {
      const pids = readdirSync(roots.proc).filter((name) => /^\d+$/.test(name))
      const processes: LinuxProcess[] = []
      for (let from = 0; from < pids.length; from += sliceSize) {
        signal.throwIfAborted()
        for (const pid of pids.slice(from, from + sliceSize)) {
          const stat = readStat(roots, pid)
          if (stat !== null) processes.push(asSeen(stat, pageBytes))
        }
        await nextTurn()
      }
      return processes
    },
    rows(ranked) {
      const bootAt = bootAtOf(readOrEmpty(join(roots.proc, 'stat')))
      const users = parsePasswd(readOrEmpty(join(roots.etc, 'passwd')))
      return ranked.map(({ process, cpuRatio }): ProcessRow => {
        const { pid, parentPid, name, state, startTicks } = process.stat
        const command = shownCommand(readOrEmpty(join(roots.proc, String(pid), 'cmdline')))
        return {
          pid,
          parentPid: parentPid === 0 ? null : parentPid,
          name,
          // A kernel thread has none.
          command: command === '' ? `[${name}]` : command,
          user: userOf(join(roots.proc, String(pid)), users),
          state: states[state] ?? state,
          cpuRatio,
          residentBytes: process.residentBytes,
          startedAt: bootAt === null ? null : Math.round(bootAt + (startTicks / ticksPerSecond) * 1000),
        }
      })
    },
  }
}

function asSeen(stat: ProcessStat, pageBytes: number): LinuxProcess {
  return {
    stat,
    pid: stat.pid,
    identity: `${stat.pid}/${stat.startTicks}`,
    cpuSeconds: stat.cpuTicks / ticksPerSecond,
    toldCpuRatio: null,
    residentBytes: stat.residentPages * pageBytes,
    threads: stat.threads,
    state: stat.state,
  }
}

const states: Readonly<Record<string, string>> = {
  R: 'running',
  S: 'sleeping',
  D: 'waiting for the disk',
  Z: 'zombie',
  T: 'stopped',
  t: 'traced',
  I: 'idle',
  X: 'dead',
}

function readStat(roots: LinuxRoots, pid: string): ProcessStat | null {
  return parseProcessStat(readOrEmpty(join(roots.proc, pid, 'stat')))
}

/** A process may end between two lines of this file: then there is nothing to read, which is no failure. */
function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

function userOf(directory: string, users: ReadonlyMap<number, string>): string | null {
  const owner = statSync(directory, { throwIfNoEntry: false })?.uid
  return owner === undefined ? null : (users.get(owner) ?? String(owner))
}
