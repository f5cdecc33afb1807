/**
 * Rules over the real sample store and state store: what an evaluation of many rules costs, and how long it takes from a
 * changed check to the desktop having the notification in hand.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { systemClock, systemTimers } from '#main/adapters/clock.ts'
import { createAlerting } from '#main/alerts/alerting.ts'
import type { ConfiguredCheck } from '#main/config/config-file.ts'
import { createEvents } from '#main/events.ts'
import type { MetricStore } from '#main/metrics/metric-store.ts'
import { openMetricStore } from '#main/metrics/open-metric-store.ts'
import { createNotices } from '#main/notices.ts'
import { type Asking, evaluateExpression } from '#main/rules/evaluate-rule.ts'
import { keepPace } from '#main/rules/pace.ts'
import { openStore } from '#main/store/open-store.ts'
import { parsePromql } from '#shared/promql/parse.ts'
import { memoryConfig } from '#test/support/memory-config.ts'
import { memoryQueries } from '#test/support/memory-queries.ts'
import { fakePorts, memoryLogger } from '#test/support/ports.ts'
import { rulesOfPrometheus } from './rules-peer.ts'
import { type BenchContext, type Measure, quantile, type Scenario } from './scenario.ts'

const ruleCount = 1000
const seriesEach = 100
const changes = 50
const stormSize = 5000
const heavySeries = 10_000
/** Beyond this, screens and checks notice. */
const longestTurnMs = 20

export const rules: Scenario = {
  name: 'rules',
  async run({ directory, note }: BenchContext): Promise<readonly Measure[]> {
    const logger = memoryLogger()
    const store = await openStore({ directory, host: 'headless', logger, clock: systemClock })
    const events = createEvents()
    const notices = createNotices(systemClock, logger, events)
    const metrics = await openMetricStore({
      ...{ channels: store.channels, clock: systemClock, timers: systemTimers, logger, notices, events },
      maxActiveSeries: 2 * ruleCount * seriesEach,
    })
    try {
      await fill(metrics)
      note(`${ruleCount * seriesEach} series are there`)
      const cpuMs = await evaluateAll(metrics)
      note('rules are evaluated')
      const peerMs = await rulesOfPrometheus({
        directory: join(directory, 'prometheus'),
        exprs: Array.from({ length: ruleCount }, (_, rule) => exprOf(rule)),
        exposition: exposition(),
      })
      note('Prometheus evaluated them')
      const heavyMs = await heavyExpressions(metrics)
      note('heavy expressions are evaluated')
      const handOverMs = await handOvers(directory, metrics, store.state)
      note('changed checks are told')
      const storm = await stormOf(directory, metrics, store.state)
      return [
        {
          what: `CPU of ${ruleCount} rules over ${seriesEach} series each`,
          unit: 'ms',
          belfry: cpuMs,
          peer: {
            name: 'Prometheus, duration',
            ...(typeof peerMs === 'number' ? { value: peerMs } : { skipped: peerMs }),
          },
          goal: { atMost: 1000 },
        },
        {
          what: 'changed check to desktop, median',
          unit: 'ms',
          belfry: quantile(handOverMs, 0.5),
          goal: { atMost: 1000 },
        },
        {
          what: 'changed check to desktop, worst',
          unit: 'ms',
          belfry: quantile(handOverMs, 1),
          goal: { atMost: 1000 },
        },
        {
          what: `longest turn, expressions over ${heavySeries} series`,
          unit: 'ms',
          belfry: heavyMs,
          goal: { atMost: longestTurnMs },
        },
        {
          what: `longest turn, ${stormSize} alerts at once`,
          unit: 'ms',
          belfry: storm.turnMs,
          goal: { atMost: longestTurnMs },
        },
        { what: `${stormSize} alerts at once, all told`, unit: 'ms', belfry: storm.toldMs },
      ]
    } finally {
      await metrics.close()
      await store.close()
    }
  },
}

async function fill(metrics: MetricStore): Promise<void> {
  const at = systemClock.now()
  for (let rule = 0; rule < ruleCount; rule++) {
    const samples = Array.from({ length: seriesEach }, (_, target) => {
      const handle = metrics.series(`bench_${rule}`, { target: `target-${target}`, job: 'bench' })
      if (!handle) throw new Error('a series was refused')
      return [handle, target] as const
    })
    metrics.append(at, samples)
  }
  await metrics.flush()
}

const exprOf = (rule: number) => `bench_${rule} * 2 > 1e9`

/** The same samples as `fill` makes, for a scrape. */
function exposition(): string {
  const lines: string[] = []
  for (let rule = 0; rule < ruleCount; rule++) {
    for (let target = 0; target < seriesEach; target++) lines.push(`bench_${rule}{target="target-${target}"} ${target}`)
  }
  return `${lines.join('\n')}\n`
}

/** CPU of all threads for one evaluation of every rule, in the steady state: the second of two. */
async function evaluateAll(metrics: MetricStore): Promise<number> {
  const parsed = Array.from({ length: ruleCount }, (_, rule) => parsePromql(exprOf(rule)))
  let cpuMs = 0
  for (let round = 0; round < 2; round++) {
    const before = process.cpuUsage()
    for (const one of parsed) await evaluateExpression(one, askingNow(metrics))
    const { user, system } = process.cpuUsage(before)
    cpuMs = (user + system) / 1000
  }
  return cpuMs
}

/** The longest turn of the main loop while heavy expressions are evaluated, in ms. */
async function heavyExpressions(metrics: MetricStore): Promise<number> {
  const at = systemClock.now()
  for (const ageMs of [30_000, 15_000, 0]) {
    const samples = Array.from({ length: heavySeries }, (_, target) => {
      const handle = metrics.series('bench_heavy', {
        target: `target-${target}`,
        job: 'bench',
        zone: `z${target % 10}`,
      })
      if (!handle) throw new Error('a series was refused')
      return [handle, at - ageMs] as const
    })
    metrics.append(at - ageMs, samples)
  }
  await metrics.flush()
  const longest = longestTurn()
  for (const text of heavy) {
    for (let round = 0; round < 2; round++) {
      await evaluateExpression(parsePromql(text), askingNow(metrics))
    }
  }
  return longest()
}

const heavy = [
  'bench_heavy * 2 > 1e18',
  'sum by (zone) (rate(bench_heavy[5m])) > 1e9',
  'bench_heavy / on (target, job, zone) (bench_heavy + 1) > 2',
  'topk(10, max_over_time(bench_heavy[5m])) > 1e18',
]

/** All checks of a configuration go down at once: how long the main loop is held, and until everything is told. */
async function stormOf(
  directory: string,
  metrics: MetricStore,
  state: Parameters<typeof createAlerting>[0]['state'],
): Promise<{ turnMs: number; toldMs: number }> {
  const configDirectory = join(directory, 'storm')
  await mkdir(join(configDirectory, 'rules'), { recursive: true })
  const names = Array.from({ length: stormSize }, (_, index) => `storm-${index}`)
  const config = { ...memoryConfig(names.map(checkNamed)), directory: configDirectory }
  const ports = { ...fakePorts(), clock: systemClock, timers: systemTimers }
  const events = createEvents()
  const notices = createNotices(systemClock, ports.logger, events)
  const resourcesDir = resolve(import.meta.dirname, '../../resources')
  const alerting = createAlerting({
    ports,
    state,
    metrics,
    queries: memoryQueries(metrics),
    config,
    events,
    notices,
    resourcesDir,
  })
  await alerting.start()
  const samples = names.map((check) => {
    const series = metrics.series('belfry_check_state', { check, kind: 'http', target: `https://${check}.example` })
    if (!series) throw new Error('a series was refused')
    return [series, 0] as const
  })
  metrics.append(systemClock.now(), samples)
  await metrics.flush()
  const startedMs = performance.now()
  const longest = longestTurn()
  await alerting.evaluateFor('storm')
  const toldMs = performance.now() - startedMs
  const turnMs = longest()
  const firing = alerting.alerts.firing().length
  if (firing < stormSize) throw new Error(`expected ${stormSize} alerts to fire, got ${firing}`)
  await alerting.close()
  return { turnMs, toldMs }
}

const checkNamed = (id: string): ConfiguredCheck => ({
  id,
  draft: {
    ...{ name: id, kind: 'http', enabled: true, everyMs: 60_000, timeoutMs: 1000, slowMs: null },
    ...{
      confirm: { failures: 2, of: 3, successes: 2, retryEveryMs: 1000 },
      labels: {},
      group: null,
      tags: [],
      config: {},
    },
  },
})

/**
 * Watches the main loop; answers with the longest turn so far, in ms of this thread's CPU: what other processes take
 * from a busy machine is not Belfry's.
 */
function longestTurn(): () => number {
  let longestMs = 0
  let before = process.threadCpuUsage()
  const look = () => {
    const { user, system } = process.threadCpuUsage(before)
    longestMs = Math.max(longestMs, (user + system) / 1000)
    before = process.threadCpuUsage()
  }
  const timer = setInterval(look, 1)
  return () => {
    clearInterval(timer)
    look()
    return longestMs
  }
}

function askingNow(metrics: MetricStore): Asking {
  const { signal } = new AbortController()
  return { metrics, at: systemClock.now(), signal, pace: keepPace(systemClock) }
}

async function handOvers(
  directory: string,
  metrics: MetricStore,
  state: Parameters<typeof createAlerting>[0]['state'],
): Promise<number[]> {
  const configDirectory = join(directory, 'config')
  await mkdir(join(configDirectory, 'rules'), { recursive: true })
  const rule = '{ alert: Down, expr: belfry_check_state == 0, labels: { severity: critical } }'
  await writeFile(join(configDirectory, 'rules', 'own.yml'), `groups:\n  - name: own\n    rules:\n      - ${rule}\n`)
  const shown: (() => void)[] = []
  const desktop = {
    notify: async () => shown.shift()?.(),
    describe: async () => ({ available: true, mechanism: 'bench' }),
  }
  const ports = { ...fakePorts(), clock: systemClock, timers: systemTimers, desktop }
  const events = createEvents()
  const notices = createNotices(systemClock, ports.logger, events)
  const config = { ...memoryConfig(), directory: configDirectory }
  const alerting = createAlerting({
    ports,
    state,
    metrics,
    queries: memoryQueries(metrics),
    config,
    events,
    notices,
    resourcesDir: directory,
  })
  await alerting.start()
  const durationsMs: number[] = []
  for (let change = 0; change < changes; change++) {
    const series = metrics.series('belfry_check_state', { check: `check-${change}`, kind: 'http', target: 'bench' })
    if (!series) throw new Error('a series was refused')
    const told = new Promise<void>((resolve) => void shown.push(resolve))
    const startedMs = performance.now()
    metrics.append(systemClock.now(), [[series, 0]])
    await metrics.flush()
    await alerting.evaluateFor(`check-${change}`)
    await told
    durationsMs.push(performance.now() - startedMs)
  }
  await alerting.close()
  return durationsMs
}
