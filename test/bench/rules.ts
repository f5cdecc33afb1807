/**
 * Rules over the real sample store and state store: what an evaluation of many rules costs, and how long it takes from a
 * changed check to the desktop having the notification in hand.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { systemClock, systemTimers } from '#main/adapters/clock.ts'
import { createAlerting } from '#main/alerts/alerting.ts'
import { createEvents } from '#main/events.ts'
import type { MetricStore } from '#main/metrics/metric-store.ts'
import { openMetricStore } from '#main/metrics/open-metric-store.ts'
import { createNotices } from '#main/notices.ts'
import { evaluateExpression } from '#main/rules/evaluate-rule.ts'
import { openStore } from '#main/store/open-store.ts'
import { parsePromql } from '#shared/promql/parse.ts'
import { memoryConfig } from '#test/support/memory-config.ts'
import { fakePorts, memoryLogger } from '#test/support/ports.ts'
import { type BenchContext, type Measure, quantile, type Scenario } from './scenario.ts'

const ruleCount = 1000
const seriesEach = 100
const changes = 50

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
      const handOverMs = await handOvers(directory, metrics, store.state)
      return [
        {
          what: `CPU of ${ruleCount} rules over ${seriesEach} series each`,
          unit: 'ms',
          belfry: cpuMs,
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

/** CPU of all threads for one evaluation of every rule, in the steady state: the second of two. */
async function evaluateAll(metrics: MetricStore): Promise<number> {
  const parsed = Array.from({ length: ruleCount }, (_, rule) => parsePromql(`bench_${rule} * 2 > 1e9`))
  let cpuMs = 0
  for (let round = 0; round < 2; round++) {
    const before = process.cpuUsage()
    for (const one of parsed) await evaluateExpression(one, metrics, systemClock.now(), new AbortController().signal)
    const { user, system } = process.cpuUsage(before)
    cpuMs = (user + system) / 1000
  }
  return cpuMs
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
  const alerting = createAlerting({ ports, state, metrics, config, events, notices, resourcesDir: directory })
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
