/** All processes from systeminformation: one child process a look. It tells shares of the processor, not times. */
import { cpus } from 'node:os'
import type { Systeminformation } from 'systeminformation'
import type { ProcessRow } from '#shared/contract/host.ts'
import { loadSystemInformation } from '../portable/portable-collector.ts'
import type { ProcessSource, SourcedProcess } from './process-source.ts'
import { shownCommand } from './top-processes.ts'

export interface PortableProcess extends SourcedProcess {
  readonly told: Systeminformation.ProcessesProcessData
}

export function portableProcesses(): ProcessSource<PortableProcess> {
  return {
    async list() {
      const information = await loadSystemInformation()
      const { list } = await information.processes()
      if (list.length === 0) throw new Error('the system does not tell its processes')
      const coresPerShare = process.platform === 'darwin' ? 1 : cpus().length
      return list.map((told) => asSeen(told, coresPerShare))
    },
    rows: (ranked) => ranked.map(({ process, cpuRatio }) => rowOf(process.told, cpuRatio)),
  }
}

/** `coresPerShare`: macOS's ps tells the share of one core, the others' tools of all cores together. */
export function asSeen(told: Systeminformation.ProcessesProcessData, coresPerShare: number): PortableProcess {
  return {
    told,
    pid: told.pid,
    identity: `${told.pid}/${told.started}`,
    cpuSeconds: null,
    toldCpuRatio: (told.cpu / 100) * coresPerShare,
    residentBytes: told.memRss * 1024,
    threads: null,
    state: told.state,
  }
}

export function rowOf(told: Systeminformation.ProcessesProcessData, cpuRatio: number | null): ProcessRow {
  const startedAt = Date.parse(told.started)
  return {
    pid: told.pid,
    parentPid: told.parentPid > 0 ? told.parentPid : null,
    name: told.name,
    command: shownCommand(`${told.command} ${told.params}`) || told.name,
    user: told.user || null,
    state: told.state || 'unknown',
    cpuRatio,
    residentBytes: told.memRss * 1024,
    startedAt: Number.isNaN(startedAt) ? null : startedAt,
  }
}
