/**
 * What one fast tick costs: processor time of this process for reading, parsing and handing over all samples of the fast
 * tier, beside asking systeminformation for the same things. Its child processes are counted too, for they are why it
 * is expensive.
 */
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { systemClock, systemTimers } from '#main/adapters/clock.ts'
import { createRunner } from '#main/collectors/collector-runner.ts'
import type { CollectorTier } from '#main/collectors/kind.ts'
import { collectorKinds } from '#main/collectors/kinds/index.ts'
import { systemRoots, ticksPerSecond } from '#main/collectors/linux/roots.ts'
import { watchOwnProcess } from '#main/collectors/own-process.ts'
import { loadSystemInformation } from '#main/collectors/portable/portable-collector.ts'
import { linuxProcesses } from '#main/collectors/processes/linux-processes.ts'
import { watchProcesses } from '#main/collectors/processes/process-watch.ts'
import { memoryMetrics } from '#test/support/memory-metrics.ts'
import { memoryLogger } from '#test/support/ports.ts'
import { type Measure, median, type Scenario } from './scenario.ts'

const fastTicks = 200
const mediumTicks = 20
const peerTicks = 3
/** systeminformation repeats answers younger than half a second. */
const cachedMs = 600

export const collector: Scenario = {
  name: 'collector',
  async run({ note }) {
    if (process.platform !== 'linux') {
      return [
        {
          what: 'fast tick, CPU',
          unit: 'ms',
          belfry: Number.NaN,
          peer: { name: 'systeminformation', skipped: 'Linux only' },
        },
      ]
    }
    note('fast tier')
    const fast = await tickCost('fast', fastTicks)
    note('systeminformation for the same')
    const information = await loadSystemInformation()
    const peer = await costOf(peerTicks, async () => {
      await sleep(cachedMs)
      await Promise.all([information.currentLoad(), information.mem(), information.networkStats('*')])
    })
    note('medium tier')
    const medium = await tickCost('medium', mediumTicks)
    return [
      {
        what: 'fast tick, CPU',
        unit: 'ms',
        belfry: fast,
        peer: { name: 'systeminformation', value: peer },
        goal: { ratioAtMost: 0.2 },
      },
      {
        what: 'fast and medium tier, share of one core',
        unit: '%',
        belfry: fast / 50 + medium / 300,
        goal: { atMost: 0.3 },
      },
      { what: 'medium tick with all processes, CPU', unit: 'ms', belfry: medium },
    ] satisfies Measure[]
  },
}

/** Processor milliseconds of one tick of a tier. */
async function tickCost(tier: CollectorTier, ticks: number): Promise<number> {
  const logger = memoryLogger()
  const own = watchOwnProcess()
  const all = [
    ...collectorKinds.flatMap((kind) => kind.create({ clock: systemClock, logger }) ?? []),
    watchProcesses(systemClock, linuxProcesses(systemRoots)),
    own,
  ]
  // The store's own cost is measured by its own scenarios.
  const metrics = { ...memoryMetrics(), append: () => {}, markStale: () => {} }
  const runners = all
    .filter((one) => one.tier === tier)
    .map((one) => createRunner(one, { clock: systemClock, timers: systemTimers, logger, metrics }))
  const cost = await costOf(ticks, async () => {
    await Promise.all(runners.map((runner) => runner.run(systemClock.now())))
  })
  own.close()
  return cost
}

/** Median of three rounds after a warm-up, ms of processor time for each call, children included. */
async function costOf(calls: number, act: () => Promise<void>): Promise<number> {
  const rounds: number[] = []
  for (let round = 0; round < 4; round++) {
    const before = processorMs()
    for (let call = 0; call < calls; call++) await act()
    if (round > 0) rounds.push((processorMs() - before) / calls)
  }
  return median(rounds)
}

/** Of this process and of the children it has waited for. Source: man 5 proc_pid_stat, columns 16 and 17. */
function processorMs(): number {
  const { user, system } = process.cpuUsage()
  const columns = readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ') ?? []
  const childTicks = Number(columns[13]) + Number(columns[14])
  return (user + system) / 1000 + (childTicks * 1000) / ticksPerSecond
}
