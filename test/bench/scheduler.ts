/**
 * A thousand HTTP checks a second, from the schedule to the stored samples and states: processor time of all threads of
 * this process, and how late runs begin. Beside Prometheus and blackbox_exporter doing the same to the same server.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { systemClock, systemTimers } from '#main/adapters/clock.ts'
import { timeOrderedIds } from '#main/adapters/ids.ts'
import { createJournal } from '#main/checks/journal.ts'
import { checkKinds } from '#main/checks/kinds/index.ts'
import { createObserver } from '#main/checks/observer.ts'
import { readyCheck } from '#main/checks/ready-check.ts'
import { createResultGate } from '#main/checks/result-gate.ts'
import { createEvents } from '#main/events.ts'
import { openMetricStore } from '#main/metrics/open-metric-store.ts'
import { createNotices } from '#main/notices.ts'
import { openStore } from '#main/store/open-store.ts'
import { CheckDraft } from '#shared/contract/checks.ts'
import { probePorts } from '#test/checks/probe-ports.ts'
import { fakePorts, memoryLogger } from '#test/support/ports.ts'
import type { Measure, Scenario } from './scenario.ts'
import { peerCost } from './scheduler-peer.ts'

const perSecond = 1000
/** Until V8 has compiled what runs a thousand times a second. */
const settleMs = 12_000
const longestWarmUpMs = 60_000
const measuredMs = 10_000
/** Prometheus and the exporter take more than a core at 1,000/s; the cost of one probe is measured at a rate they hold. */
const peerEverySeconds = 4

export const scheduler: Scenario = {
  name: 'scheduler',
  async run({ directory, note }) {
    const target = fork(join(import.meta.dirname, 'scheduler-target.mjs'))
    try {
      const [{ port }] = (await once(target, 'message')) as [{ port: number }]
      const url = `http://127.0.0.1:${port}/`
      const load = loadavg()[0] ?? 0
      if (load > 1) note(`the machine is busy (load ${load.toFixed(1)}): lateness will tell of that, not of Belfry`)
      note('1,000 checks each second')
      const thousand = await belfryCost(url, perSecond, 1000, join(directory, 'thousand'))
      note('10,000 checks each 10 s')
      const many = await belfryCost(url, 10 * perSecond, 10_000, join(directory, 'many'))
      note('Prometheus and blackbox_exporter')
      const peer = await peerCost({
        directory: join(directory, 'peer'),
        targets: Array.from({ length: perSecond }, (_, index) => `${url}?check=${index}`),
        everySeconds: peerEverySeconds,
        forMs: measuredMs,
        answered: () => answeredBy(target),
      })
      return measuresOf(thousand, many, peer)
    } finally {
      target.kill()
    }
  },
}

interface Cost {
  readonly cpuMsPer1000: number
  readonly p99Ms: number
  readonly maxMs: number
}

function measuresOf(thousand: Cost, many: Cost, peer: number | string): Measure[] {
  const name = 'blackbox_exporter + Prometheus'
  return [
    {
      what: 'CPU per 1,000 HTTP checks',
      unit: 'ms',
      belfry: thousand.cpuMsPer1000,
      peer: typeof peer === 'number' ? { name, value: peer } : { name, skipped: peer },
      goal: { ratioAtMost: 0.4 },
    },
    { what: 'lateness p99 at 1,000/s', unit: 'ms', belfry: thousand.p99Ms, goal: { atMost: 5 } },
    { what: 'lateness max at 1,000/s', unit: 'ms', belfry: thousand.maxMs },
    { what: 'lateness p99, 10,000 targets at 10 s', unit: 'ms', belfry: many.p99Ms, goal: { atMost: 5 } },
    {
      what: 'CPU per 1,000 checks, 10,000 targets',
      unit: 'ms',
      belfry: many.cpuMsPer1000,
      peer: { name: '1,000 targets at the same rate', value: thousand.cpuMsPer1000 },
      goal: { ratioAtMost: 1.2 },
    },
  ]
}

async function belfryCost(url: string, count: number, everyMs: number, directory: string): Promise<Cost> {
  const [clock, timers, logger] = [systemClock, systemTimers, memoryLogger()]
  const ports = { ...probePorts(), ...fakePorts(), clock, timers, logger, ids: timeOrderedIds(clock) }
  const events = createEvents()
  const notices = createNotices(clock, logger, events)
  const store = await openStore({ directory, host: 'headless', logger, clock })
  const metrics = await openMetricStore({ channels: store.channels, clock, timers, logger, notices, events })
  const journal = createJournal(ports, store.state, notices)
  const gate = createResultGate({ clock, timers, notices, uplink: null })
  const observer = createObserver({
    ports,
    metrics,
    journal,
    gate,
    onGap: () => {},
    maxConcurrent: 1000,
    onChanged: () => {},
    onStateChange: () => {},
  })
  try {
    const draft = CheckDraft.parse({ name: 'bench', kind: 'http', everyMs, config: { url, bodyMatches: ['well'] } })
    observer.watch(Array.from({ length: count }, (_, index) => readyCheck({ id: `check-${index}`, draft }, checkKinds)))
    // Each check's first run makes its series and stores its first state: that is the start, not the steady state.
    const isUp = (id: string) => observer.view(id)?.state === 'up'
    for (let waitedMs = 0; !observer.ids().every(isUp); waitedMs += 1000) {
      const waiting = observer.ids().find((id) => !isUp(id))
      if (waitedMs > longestWarmUpMs)
        throw new Error(`${waiting} is not up: ${observer.view(waiting ?? '')?.reason.message}`)
      await sleep(1000)
    }
    await sleep(settleMs)
    observer.scheduler.lateness.take()
    const before = process.cpuUsage()
    await sleep(measuredMs)
    const { user, system } = process.cpuUsage(before)
    const late = observer.scheduler.lateness.take()
    if (late === null) throw new Error('no check ran')
    return { cpuMsPer1000: (user + system) / late.runs, p99Ms: late.p99Ms, maxMs: late.maxMs }
  } finally {
    await observer.close()
    gate.close()
    await journal.close()
    await metrics.close()
    await store.close()
  }
}

async function answeredBy(target: ChildProcess): Promise<number> {
  target.send('how many')
  const [{ answered }] = (await once(target, 'message')) as [{ answered: number }]
  return answered
}
