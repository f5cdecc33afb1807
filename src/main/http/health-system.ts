/** `GET /health/system`: the machine Belfry runs on, Belfry's own process, and what its storage takes. */
import { z } from 'zod'
import { ComponentStatus } from '#shared/contract/console.ts'
import { ofOwnMachine } from '#shared/domain/own-machine.ts'
import { Performance, readPerformance } from './performance.ts'
import type { RouteRequest } from './route.ts'

export const SystemHealth = z.strictObject({
  status: ComponentStatus,
  timestamp: z.iso.datetime(),
  system: z.strictObject({
    operating_system: z.string(),
    kernel: z.string(),
    architecture: z.string(),
    cpu_count: z.number().int(),
    memory_bytes: z.number(),
  }),
  performance: Performance,
  belfry: z.strictObject({
    version: z.string(),
    uptime_seconds: z.number(),
    resident_bytes: z.number().nullable(),
    /** In 99 of 100. */
    event_loop_delay_seconds: z.number().nullable(),
    data_age_seconds: z.number().nullable(),
    backup_age_seconds: z.number().nullable(),
  }),
  storage: z.strictObject({
    /** By kind. */
    bytes: z.record(z.string(), z.number()),
    free_bytes: z.number().nullable(),
    active_series: z.number().int(),
    samples_stored: z.number(),
  }),
})

export async function systemHealth(call: RouteRequest['call'], now: number): Promise<z.output<typeof SystemHealth>> {
  const newest = async (metric: string, quantile?: string) => {
    const found = await call('metrics.latest', { metric, matchers: [ofOwnMachine] })
    return found.find(({ labels }) => quantile === undefined || labels['quantile'] === quantile)?.value ?? null
  }
  const [health, info, facts, usage, performance, resident, delay, dataAge, backupAge] = await Promise.all([
    call('console.health', {}),
    call('console.info', {}),
    call('host.facts', {}),
    call('settings.storage', {}),
    readPerformance(call, now),
    newest('process_resident_memory_bytes'),
    newest('belfry_event_loop_delay_seconds', '0.99'),
    newest('belfry_data_age_seconds'),
    newest('belfry_backup_age_seconds'),
  ])
  return {
    status: health.status,
    timestamp: new Date(health.at).toISOString(),
    system: {
      operating_system: facts.operatingSystem,
      kernel: facts.kernel,
      architecture: facts.architecture,
      cpu_count: facts.cpuCount,
      memory_bytes: facts.memoryBytes,
    },
    performance,
    belfry: {
      version: info.version,
      uptime_seconds: Math.max(0, Math.round((now - info.startedAt) / 1000)),
      resident_bytes: resident,
      event_loop_delay_seconds: delay,
      data_age_seconds: dataAge,
      backup_age_seconds: backupAge,
    },
    storage: {
      bytes: Object.fromEntries(usage.kinds.map(({ kind, bytes }) => [kind, bytes])),
      free_bytes: usage.diskFreeBytes,
      active_series: usage.activeSeries,
      samples_stored: usage.samplesStored,
    },
  }
}
