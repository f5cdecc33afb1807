import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { metricHandlers } from '#main/api/metrics.ts'
import { recordStoreSeries } from '#main/metrics/store-series.ts'
import { MetricAnswer, MetricQuery } from '#shared/contract/metrics.ts'
import { memoryLogger } from '#test/support/ports.ts'
import { openHarness, type StoreHarness } from './store-harness.ts'

const second = 1000
const minute = 60 * second

let harness: StoreHarness
beforeEach(async () => {
  harness = await openHarness()
})
afterEach(() => harness.close())

const context = { caller: { role: 'viewer', name: 'test' }, signal: new AbortController().signal } as const
const ask = async (query: Partial<MetricQuery> & { metric: string; range: { from: number; to: number } }) => {
  const handlers = metricHandlers({ metrics: harness.store, clock: harness.time.clock })
  const [answer] = await handlers['metrics.query']({ queries: [MetricQuery.parse(query)] }, context)
  return MetricAnswer.parse(answer)
}

/** Ten minutes, every five seconds: cpu time of two cpus in two modes. */
async function recordCpu(): Promise<{ from: number; to: number }> {
  const from = harness.time.clock.now()
  for (let i = 0; i < 120; i++) {
    const at = from + i * 5 * second
    harness.time.setWallClock(at)
    for (const [cpu, mode, perTick] of [
      ['0', 'user', 1],
      ['0', 'idle', 4],
      ['1', 'user', 2],
      ['1', 'idle', 3],
    ] as const) {
      const handle = harness.store.series('cpu_total', { cpu, mode })
      if (handle) harness.store.append(at, [[handle, i * perTick]])
    }
  }
  await harness.store.flush()
  return { from, to: from + 10 * minute }
}

describe('a question for a chart', () => {
  it('is answered with rates per second, added up over the labels asked for', async () => {
    const range = await recordCpu()
    const answer = await ask({ metric: 'cpu_total', range, points: 60, reduce: 'rate', sumBy: ['mode'] })
    expect([answer.stepMs, answer.tier, answer.times.length]).toEqual([10 * second, 'raw', 60])
    expect(answer.times[1]).toBe(range.from + 10 * second)
    expect(answer.series.map(({ labels }) => labels)).toEqual([{ mode: 'idle' }, { mode: 'user' }])
    expect(answer.series[0]?.values.slice(1).every((value) => value === 7 / 5)).toBe(true)
    expect(answer.series[1]?.values[59]).toBeCloseTo(3 / 5)
  })

  it('takes steps no finer than the samples are', async () => {
    const range = await recordCpu()
    const answer = await ask({ metric: 'cpu_total', range, points: 600, reduce: 'last' })
    expect(answer.stepMs).toBe(5 * second)
    expect(answer.series.every(({ values }) => values.every((value) => value !== null))).toBe(true)
  })

  it('has null where nothing was observed, and the steps of the whole range', async () => {
    const range = await recordCpu()
    const answer = await ask({
      metric: 'cpu_total',
      range: { from: range.from - 10 * minute, to: range.to },
      points: 20,
    })
    expect(answer.times.length).toBe(20)
    expect(answer.series[0]?.values.map((value) => value === null)).toEqual([
      ...Array(10).fill(true),
      ...Array(10).fill(false),
    ])
  })

  it('about nothing is answered with no series', async () => {
    const at = harness.time.clock.now()
    expect((await ask({ metric: 'none', range: { from: at, to: at + minute } })).series).toEqual([])
  })

  it('with a regular expression that is none is refused with the reason', async () => {
    const at = harness.time.clock.now()
    const matchers = [{ label: 'cpu', op: '=~' as const, value: '(' }]
    const asked = ask({ metric: 'cpu_total', range: { from: at, to: at + minute }, matchers })
    await expect(asked).rejects.toMatchObject({ code: 'invalid' })
  })
})

describe('the newest values', () => {
  it('are told with null for what JSON cannot hold', async () => {
    const at = harness.time.clock.now()
    const handle = harness.store.series('odd', { a: 'b' })
    if (handle) harness.store.append(at, [[handle, Number.POSITIVE_INFINITY]])
    const handlers = metricHandlers({ metrics: harness.store, clock: harness.time.clock })
    const latest = await handlers['metrics.latest']({ metric: 'odd', matchers: [] }, context)
    expect(latest).toEqual([{ labels: { a: 'b' }, at, value: null }])
  })
})

describe('the store', () => {
  it('records its own figures', async () => {
    await recordCpu()
    const { clock, timers } = harness.time
    const stop = recordStoreSeries({ metrics: harness.store, clock, timers, logger: memoryLogger() })
    await harness.time.advance(30_000)
    // The figures come from the worker; its next answer comes after them.
    await harness.store.usage()
    stop()
    const handlers = metricHandlers({ metrics: harness.store, clock })
    const latest = await handlers['metrics.latest']({ metric: 'belfry_samples_appended_total', matchers: [] }, context)
    expect(latest.map(({ value }) => value)).toEqual([480])
    expect(await harness.store.names('belfry_metrics')).toEqual([
      'belfry_metrics_disk_bytes',
      'belfry_metrics_stored_samples',
    ])
  })
})
