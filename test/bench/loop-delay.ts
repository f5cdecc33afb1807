/**
 * How late the main loop of the built console runs while it has what a busy console has to do: a thousand HTTP checks
 * every ten seconds against a server in another process, this machine every second, a day of 500 series stored, and a
 * screen that asks for the checks and for twelve charts each second. Logs and their lines are not part of it yet.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { storageMetricMethods } from '#main/store/metrics/worker-methods.ts'
import { appendRecording, doChores, intervalMs, makeRecording } from './chunk-store-recording.ts'
import { createCaller } from './console-caller.ts'
import { type ConsoleProcess, dataDirectory, httpChecks, startConsole } from './console-process.ts'
import type { Scenario } from './scenario.ts'

const checkCount = 1000
const storedSeries = 500
const dayMs = 86_400_000
const settleMs = 20_000
const measuredMs = 60_000
const askEveryMs = 1000
const token = 'a-token-of-the-benchmark-0123456789abcdef'

export const loopDelay: Scenario = {
  name: 'loop-delay',
  async run({ directory, note }) {
    const target = fork(join(import.meta.dirname, 'scheduler-target.mjs'))
    let console: ConsoleProcess | undefined
    try {
      const [{ port }] = (await once(target, 'message')) as [{ port: number }]
      writeDay(dataDirectory(directory))
      const load = loadavg()[0] ?? 0
      if (load > 1) note(`the machine is busy (load ${load.toFixed(1)}): the delays will tell of that, not of Belfry`)
      console = await startConsole({
        directory,
        config: `collection: { fast: 1s }\n${httpChecks(checkCount, port, '10s')}`,
        nodeArguments: ['--import', join(import.meta.dirname, 'loop-delay-probe.mjs')],
        token,
      })
      note(`settling for ${settleMs / 1000} s`)
      await sleep(settleMs)
      console.child.send('forget')
      note(`measuring for ${measuredMs / 1000} s`)
      const answeredBefore = await answeredBy(target)
      const questions = await askAsScreens(console.origin, measuredMs)
      const told = await delaysOf(console)
      const checksRun = (await answeredBy(target)) - answeredBefore
      note(`${checksRun} checks run, ${questions} questions answered, ${told.count} probes`)
      return [
        { what: 'loop delay p50', unit: 'ms', belfry: told.p50 },
        { what: 'loop delay p99', unit: 'ms', belfry: told.p99, goal: { atMost: 5 } },
        { what: 'loop delay p99.9', unit: 'ms', belfry: told.p999, goal: { atMost: 15 } },
        { what: 'loop delay max', unit: 'ms', belfry: told.max, goal: { atMost: 50 } },
        { what: 'work in one go p99.9', unit: 'ms of processor', belfry: told.work.p999 },
        { what: 'work in one go max', unit: 'ms of processor', belfry: told.work.max, goal: { atMost: 20 } },
        { what: 'checks run meanwhile', unit: '1/s', belfry: (checksRun * 1000) / measuredMs },
        { what: 'questions answered meanwhile', unit: '1/s', belfry: (questions * 1000) / measuredMs },
      ]
    } finally {
      await console?.end()
      target.kill()
    }
  },
}

/** The day up to now, as if the console had just been restarted. */
function writeDay(directory: string): void {
  mkdirSync(directory, { recursive: true })
  const now = Date.now()
  const store = storageMetricMethods(directory, now)
  appendRecording(store.methods, makeRecording(storedSeries, now - (now % intervalMs) - dayMs, dayMs), 10)
  doChores(store.methods, now)
  store.close()
}

/** Returns the number of questions that were answered. */
async function askAsScreens(origin: string, forMs: number): Promise<number> {
  const ask = createCaller(origin, token)
  let answered = 0
  for (const endAt = Date.now() + forMs; Date.now() < endAt; ) {
    const nextAt = Date.now() + askEveryMs
    const to = Date.now()
    const queries = Array.from({ length: 12 }, (_, chart) => ({
      metric: 'node_cpu_seconds_total',
      matchers: [{ label: 'instance', op: '=~', value: `host-${chart}|host-${chart + 12}` }],
      range: { from: to - (chart % 2 === 0 ? 3_600_000 : dayMs), to },
      reduce: 'rate',
    }))
    await ask('checks.list', {})
    await ask('metrics.query', { queries })
    answered += 2
    await sleep(Math.max(0, nextAt - Date.now()))
  }
  return answered
}

interface Delays {
  readonly p50: number
  readonly p99: number
  readonly p999: number
  readonly max: number
  readonly count: number
  /** Processor time of the loop's own thread between two probes: what it did itself, however busy the machine. */
  readonly work: { readonly p999: number; readonly max: number }
}

async function delaysOf({ child }: ConsoleProcess): Promise<Delays> {
  child.send('tell')
  const [told] = (await once(child, 'message')) as [Delays]
  return told
}

async function answeredBy(target: ReturnType<typeof fork>): Promise<number> {
  target.send('how many')
  const [{ answered }] = (await once(target, 'message')) as [{ answered: number }]
  return answered
}
