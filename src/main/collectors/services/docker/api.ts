/**
 * What the Docker Engine answers, as far as it is read: GET requests only. Source: Docker Engine API, v1.41 and later,
 * "List containers", "Inspect a container", "Get container stats based on resource usage".
 */
import { z } from 'zod'

export const oldestApi = 'v1.41'

export const VersionAnswer = z.object({ Version: z.string(), ApiVersion: z.string(), Os: z.string().default('') })

export const ContainerList = z.array(
  z.object({
    Id: z.string(),
    Names: z.array(z.string()).default([]),
    Image: z.string().default(''),
    State: z.string().default('unknown'),
  }),
)
export type ListedContainer = z.output<typeof ContainerList>[number]

export const Inspected = z.object({
  RestartCount: z.number().default(0),
  State: z.object({
    Status: z.string().default('unknown'),
    Running: z.boolean().default(false),
    OOMKilled: z.boolean().default(false),
    ExitCode: z.number().default(0),
    StartedAt: z.string().default(''),
    Health: z.object({ Status: z.string() }).nullish(),
  }),
})
export type Inspected = z.output<typeof Inspected>

const Count = z.number().nullish()

export const Stats = z.object({
  cpu_stats: z
    .object({
      cpu_usage: z.object({ total_usage: Count, usage_in_kernelmode: Count, usage_in_usermode: Count }).partial(),
      online_cpus: Count,
      throttling_data: z.object({ throttled_time: Count }).partial().nullish(),
    })
    .partial(),
  memory_stats: z.object({ usage: Count, limit: Count, stats: z.record(z.string(), z.number()).nullish() }).partial(),
  networks: z
    .record(
      z.string(),
      z
        .object({
          rx_bytes: Count,
          tx_bytes: Count,
          rx_errors: Count,
          tx_errors: Count,
          rx_dropped: Count,
          tx_dropped: Count,
        })
        .partial(),
    )
    .nullish(),
  pids_stats: z.object({ current: Count }).partial().nullish(),
})
export type Stats = z.output<typeof Stats>
