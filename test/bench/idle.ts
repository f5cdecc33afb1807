/**
 * What the console costs while nothing happens: the headless host as a process of its own, watching this machine and 20
 * HTTP checks once a minute, nobody looking. Runs what was built, for the sources bring a compiler along. Processor time and memory are read from /proc once it has settled.
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { httpChecks, lookAt, startConsole } from './console-process.ts'
import type { Scenario } from './scenario.ts'

const checkCount = 20
const settleMs = 15_000
const measuredMs = 40_000

export const idle: Scenario = {
  name: 'idle',
  async run({ directory, note }) {
    if (process.platform !== 'linux') throw new Error('this scenario reads /proc: Linux only')
    const server = createServer((_, response) => response.end('ok')).unref()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const console = await startConsole({ directory, config: httpChecks(checkCount, port) })
    try {
      note(`settling for ${settleMs / 1000} s`)
      await sleep(settleMs)
      const before = lookAt(console.pid)
      note(`measuring for ${measuredMs / 1000} s`)
      await sleep(measuredMs)
      const after = lookAt(console.pid)
      return [
        {
          what: `this machine and ${checkCount} checks, processor`,
          unit: '% of one core',
          belfry: ((after.cpuMs - before.cpuMs) / measuredMs) * 100,
          goal: { atMost: 1 },
        },
        {
          what: `this machine and ${checkCount} checks, resident memory`,
          unit: 'MiB',
          belfry: after.residentMebibytes,
          goal: { atMost: 150 },
        },
      ]
    } finally {
      await console.end()
      server.close()
    }
  },
}
