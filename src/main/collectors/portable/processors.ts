/** Processor time on systems without /proc, from what Node knows of every system. */
import type { CpuInfo } from 'node:os'
import type { CollectedSample } from '../kind.ts'

/** Windows tells interrupts apart, macOS none: a mode that a system does not count stays 0, as in node_exporter. */
const modes: readonly (readonly [mode: string, field: keyof CpuInfo['times']])[] = [
  ['user', 'user'],
  ['nice', 'nice'],
  ['system', 'sys'],
  ['idle', 'idle'],
  ['irq', 'irq'],
]

export function processorSamples(processors: readonly Pick<CpuInfo, 'times'>[]): CollectedSample[] {
  return processors.flatMap(({ times }, index) =>
    modes.map(([mode, field]) => ({
      name: 'node_cpu_seconds_total',
      labels: { cpu: String(index), mode },
      value: times[field] / 1000,
      decimals: 2,
    })),
  )
}
