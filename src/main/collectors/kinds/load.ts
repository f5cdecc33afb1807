import { loadavg } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '#main/ports.ts'
import type { CollectedSample, Collector, CollectorKind } from '../kind.ts'
import { parseLoadavg } from '../linux/loadavg.ts'
import { type LinuxRoots, systemRoots } from '../linux/roots.ts'
import { readTables } from '../linux/table-collector.ts'

const about = { kind: 'load', title: 'Load and clock', tier: 'fast' } as const

export const load: CollectorKind = {
  kind: about.kind,
  create: ({ clock }) => (process.platform === 'linux' ? linuxLoad(clock, systemRoots) : portableLoad(clock)),
}

export function linuxLoad(clock: Clock, roots: LinuxRoots): Collector {
  return {
    ...about,
    async collect() {
      const { samples, problems } = readTables([{ path: join(roots.proc, 'loadavg'), parse: parseLoadavg }])
      return { samples: [timeSample(clock), ...samples], problems }
    },
  }
}

function portableLoad(clock: Clock): Collector {
  return {
    ...about,
    async collect() {
      // Windows has no load average; Node then says 0, which would be a lie.
      const told =
        process.platform === 'win32'
          ? ''
          : loadavg()
              .map((value) => value.toFixed(2))
              .join(' ')
      return { samples: [timeSample(clock), ...parseLoadavg(told)], problems: [] }
    },
  }
}

function timeSample(clock: Clock): CollectedSample {
  return { name: 'node_time_seconds', labels: {}, value: clock.now() / 1000, decimals: 3 }
}
