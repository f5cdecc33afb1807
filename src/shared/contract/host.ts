/** This machine: what it is, and its processes as a snapshot. Its numbers are series (node_*), asked for as metrics. */
import { z } from 'zod'
import { Instant, Nothing } from './common.ts'
import { defineContract } from './define.ts'

export const HostFacts = z.strictObject({
  hostname: z.string(),
  operatingSystem: z.string(),
  kernel: z.string(),
  architecture: z.string(),
  cpuModel: z.string(),
  cpuCount: z.number().int(),
  memoryBytes: z.number(),
  bootAt: Instant.nullable(),
})
export type HostFacts = z.infer<typeof HostFacts>

export const ProcessRow = z.strictObject({
  pid: z.number().int(),
  parentPid: z.number().int().nullable(),
  name: z.string(),
  command: z.string(),
  user: z.string().nullable(),
  state: z.string(),
  /** Share of one core over the time between two snapshots, 0..cores; null in the first one. */
  cpuRatio: z.number().nullable(),
  residentBytes: z.number(),
  startedAt: Instant.nullable(),
})
export type ProcessRow = z.infer<typeof ProcessRow>

export const ProcessSnapshot = z.strictObject({
  at: Instant.nullable(),
  total: z.number().int(),
  /** Top by CPU and top by memory together, without doubles. */
  processes: z.array(ProcessRow),
  /** Why there is none, where the system does not tell. */
  problem: z.string().nullable(),
})
export type ProcessSnapshot = z.infer<typeof ProcessSnapshot>

/** A part of the machine that could not be read, and why. Told, never drawn as zero. */
export const CollectorView = z.strictObject({
  kind: z.string(),
  title: z.string(),
  tier: z.enum(['fast', 'medium', 'slow']),
  everyMs: z.number(),
  lastAt: Instant.nullable(),
  lastDurationMs: z.number().nullable(),
  samples: z.number().int(),
  problem: z.string().nullable(),
})
export type CollectorView = z.infer<typeof CollectorView>

export const hostContract = defineContract({
  calls: {
    'host.facts': { summary: 'What this machine is', role: 'viewer', input: Nothing, output: HostFacts },
    'host.processes': {
      summary: 'Top processes by CPU and memory',
      role: 'viewer',
      input: Nothing,
      output: ProcessSnapshot,
    },
    'host.collectors': {
      summary: 'Collectors with their last run',
      role: 'viewer',
      input: Nothing,
      output: z.array(CollectorView),
    },
  },
  events: {},
})
