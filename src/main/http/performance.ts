/** How the machine is doing, in six figures computed from the stored series. A figure nobody measured is null. */
import { z } from 'zod'
import type { OutputOf } from '#shared/contract/index.ts'
import { ofOwnMachine } from '#shared/domain/own-machine.ts'
import type { RouteRequest } from './route.ts'

export const Performance = z.strictObject({
  cpu_usage_percent: z.number().nullable(),
  memory_usage_percent: z.number().nullable(),
  /** Of the fullest file system. */
  disk_usage_percent: z.number().nullable(),
  /** Over 1, 5 and 15 minutes; null where the system knows no load. */
  load_average: z.tuple([z.number(), z.number(), z.number()]).nullable(),
  uptime_seconds: z.number().nullable(),
})

/** CPU use is the mean of this long. */
const cpuWindowMs = 60_000

type Latest = OutputOf<'metrics.latest'>

export async function readPerformance(call: RouteRequest['call'], now: number): Promise<z.output<typeof Performance>> {
  const latest = (metric: string) => call('metrics.latest', { metric, matchers: [ofOwnMachine] })
  const [cpu, memoryTotal, memoryAvailable, diskSize, diskAvailable, load1, load5, load15, boot] = await Promise.all([
    call('metrics.query', {
      queries: [
        {
          metric: 'node_cpu_seconds_total',
          matchers: [ofOwnMachine],
          range: { from: now - cpuWindowMs, to: now },
          points: 2,
          reduce: 'rate',
          sumBy: ['mode'],
        },
      ],
    }),
    latest('node_memory_MemTotal_bytes'),
    latest('node_memory_MemAvailable_bytes'),
    latest('node_filesystem_size_bytes'),
    latest('node_filesystem_avail_bytes'),
    latest('node_load1'),
    latest('node_load5'),
    latest('node_load15'),
    latest('node_boot_time_seconds'),
  ])
  const loads = [load1, load5, load15].map(only)
  const bootSeconds = only(boot)
  return {
    cpu_usage_percent: cpuUsePercent(cpu[0]),
    memory_usage_percent: usedPercent(only(memoryTotal), only(memoryAvailable)),
    disk_usage_percent: fullestPercent(diskSize, diskAvailable),
    load_average: isTriple(loads) ? loads : null,
    uptime_seconds: bootSeconds === null ? null : Math.max(0, Math.round(now / 1000 - bootSeconds)),
  }
}

/** From CPU seconds per second by mode: all that is not idle, as a share of all. */
function cpuUsePercent(answer: OutputOf<'metrics.query'>[number] | undefined): number | null {
  let idle = 0
  let all = 0
  for (const series of answer?.series ?? []) {
    const rate = series.values.findLast((value) => value !== null) ?? 0
    all += rate
    if (series.labels['mode'] === 'idle' || series.labels['mode'] === 'iowait') idle += rate
  }
  return all > 0 ? percent(1 - idle / all) : null
}

function fullestPercent(sizes: Latest, available: Latest): number | null {
  const uses = sizes.map((size) => {
    const free = available.find((other) => other.labels['mountpoint'] === size.labels['mountpoint'])
    return usedPercent(size.value, free?.value ?? null)
  })
  const known = uses.filter((use) => use !== null)
  return known.length > 0 ? Math.max(...known) : null
}

function usedPercent(total: number | null, free: number | null): number | null {
  return total === null || free === null || total <= 0 ? null : percent(1 - free / total)
}

/** 0..1 as 0..100 with one decimal. */
function percent(ratio: number): number {
  return Math.round(Math.min(1, Math.max(0, ratio)) * 1000) / 10
}

function only(latest: Latest): number | null {
  return latest[0]?.value ?? null
}

function isTriple(values: readonly (number | null)[]): values is [number, number, number] {
  return values.length === 3 && values.every((value) => value !== null)
}
