import { join } from 'node:path'
import type { CollectorKind } from '../kind.ts'
import { parseMeminfo } from '../linux/meminfo.ts'
import { type LinuxRoots, systemRoots } from '../linux/roots.ts'
import { tableCollector } from '../linux/table-collector.ts'
import { memorySamples } from '../portable/memory.ts'
import { portableCollector } from '../portable/portable-collector.ts'

const about = { kind: 'memory', title: 'Memory' } as const

export const memory: CollectorKind = {
  kind: about.kind,
  create: () => (process.platform === 'linux' ? linuxMemory(systemRoots) : portableMemory()),
}

export function linuxMemory(roots: LinuxRoots) {
  return tableCollector({
    ...about,
    tier: 'fast',
    tables: [{ path: join(roots.proc, 'meminfo'), parse: parseMeminfo }],
  })
}

function portableMemory() {
  return portableCollector({
    ...about,
    tier: 'fast', // A cheap child process on macOS, none on Windows.
    nothing: 'the system does not tell its memory',
    read: async (information) => memorySamples(await information.mem()),
  })
}
