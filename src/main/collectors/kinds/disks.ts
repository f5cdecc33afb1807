import { join } from 'node:path'
import type { CollectorKind } from '../kind.ts'
import { parseDiskstats } from '../linux/diskstats.ts'
import { type LinuxRoots, systemRoots } from '../linux/roots.ts'
import { tableCollector } from '../linux/table-collector.ts'
import { diskSamples } from '../portable/disks.ts'
import { portableCollector } from '../portable/portable-collector.ts'

const about = { kind: 'disks', title: 'Disks', tier: 'medium' } as const

export const disks: CollectorKind = {
  kind: about.kind,
  create: () => (process.platform === 'linux' ? linuxDisks(systemRoots) : portableDisks()),
}

export function linuxDisks(roots: LinuxRoots) {
  return tableCollector({ ...about, tables: [{ path: join(roots.proc, 'diskstats'), parse: parseDiskstats }] })
}

function portableDisks() {
  return portableCollector({
    ...about,
    nothing: 'the system does not tell its disk counters',
    read: async (information) => diskSamples(await information.disksIO(), await information.fsStats()),
  })
}
