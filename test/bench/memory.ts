/**
 * What the built console keeps in memory, main loop and workers together, with some five thousand series of checks that
 * run every ten seconds.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createCaller } from './console-caller.ts'
import { httpChecks, lookAt, startConsole } from './console-process.ts'
import type { Scenario } from './scenario.ts'

/** Each has some seventeen series. */
const checkCount = 290
/** Beyond the half minute after which the store tells of itself. */
const settleMs = 65_000
const token = 'a-token-of-the-benchmark-0123456789abcdef'

export const memory: Scenario = {
  name: 'memory',
  async run({ directory, note }) {
    const target = fork(join(import.meta.dirname, 'scheduler-target.mjs'))
    try {
      const [{ port }] = (await once(target, 'message')) as [{ port: number }]
      const console = await startConsole({ directory, config: httpChecks(checkCount, port, '10s'), token })
      try {
        const call = createCaller(console.origin, token)
        note(`settling for ${settleMs / 1000} s`)
        await sleep(settleMs)
        const told: { value: number }[] = JSON.parse(await call('metrics.latest', { metric: 'belfry_series_active' }))
        const series = told[0]?.value ?? Number.NaN
        return [
          { what: 'active series', unit: 'series', belfry: series },
          {
            what: 'resident memory with them',
            unit: 'MiB',
            belfry: lookAt(console.pid).residentMebibytes,
            goal: { atMost: 150 },
          },
        ]
      } finally {
        await console.end()
      }
    } finally {
      target.kill()
    }
  },
}
