import { cpus } from 'node:os'
import { join } from 'node:path'
import type { Collector, CollectorKind } from '../kind.ts'
import { type LinuxRoots, systemRoots } from '../linux/roots.ts'
import { parseStat } from '../linux/stat.ts'
import { readTables } from '../linux/table-collector.ts'
import { neverBackwards } from '../never-backwards.ts'
import { processorSamples } from '../portable/processors.ts'

const about = { kind: 'cpu', title: 'Processor', tier: 'fast' } as const

export const cpu: CollectorKind = {
  kind: about.kind,
  create: () => (process.platform === 'linux' ? linuxCpu(systemRoots) : portableCpu()),
}

export function linuxCpu(roots: LinuxRoots): Collector {
  const corrected = neverBackwards()
  return {
    ...about,
    async collect() {
      const { samples, problems } = readTables([{ path: join(roots.proc, 'stat'), parse: parseStat }])
      return { samples: corrected(samples), problems }
    },
  }
}

function portableCpu(): Collector {
  return {
    ...about,
    async collect() {
      const samples = processorSamples(cpus())
      return { samples, problems: samples.length === 0 ? ['the system does not tell processor times'] : [] }
    },
  }
}
