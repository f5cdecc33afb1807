/** The sample store against a plain map, through random appends, chores, crashes and questions. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { MetricStore, Reduced, SeriesHandle } from '#main/metrics/metric-store.ts'
import { acceptedDelayMs } from '#main/metrics/open-metric-store.ts'
import { openHarness, type StoreHarness } from './store-harness.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const seriesCount = 5

/** Series to instants to values; a stale marker is null. */
type Model = Map<number, Map<number, number | null>>

type Step =
  | { readonly type: 'append'; readonly series: number; readonly agoMs: number; readonly value: number }
  | { readonly type: 'stale'; readonly series: number }
  | { readonly type: 'pass'; readonly ms: number }
  | { readonly type: 'clockBack'; readonly ms: number }
  | { readonly type: 'chores'; readonly most: number }
  | { readonly type: 'crash' }
  | { readonly type: 'ask'; readonly backMs: number; readonly lengthMs: number }

const value = fc.oneof(
  fc.integer({ min: 0, max: 1000 }),
  fc.double({ noNaN: true }),
  fc.constantFrom(Number.NaN, -0, Number.NEGATIVE_INFINITY, 1e-300),
)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      type: fc.constant('append' as const),
      series: fc.nat(seriesCount - 1),
      agoMs: fc.oneof(
        { weight: 3, arbitrary: fc.constant(0) },
        { weight: 1, arbitrary: fc.nat(acceptedDelayMs + hour) },
      ),
      value,
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('stale' as const), series: fc.nat(seriesCount - 1) }) },
  {
    weight: 6,
    arbitrary: fc.record({
      type: fc.constant('pass' as const),
      ms: fc.oneof(fc.integer({ min: 1, max: 20 * minute }), fc.integer({ min: hour, max: 9 * hour })),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('clockBack' as const), ms: fc.integer({ min: minute, max: 2 * day }) }),
  },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('chores' as const), most: fc.constantFrom(1, 2, 5, 1000) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('crash' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('ask' as const),
      backMs: fc.nat(2 * day),
      lengthMs: fc.integer({ min: 1, max: 2 * day }),
    }),
  },
)

describe('the sample store', () => {
  it('answers as a plain map would, whatever was sealed, compacted, late or interrupted', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 80 }), async (steps) => {
        await run(steps)
      }),
      { numRuns: 40, seed: 20_260_105 },
    )
  }, 180_000)

  it('adds up the same in every tier, for counters with resets', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(50), { minLength: 1, maxLength: 40 }),
        fc.nat(300),
        async (growth, resetEvery) => {
          const harness = await openHarness()
          try {
            const model = await recordCounter(harness, growth, resetEvery + 20)
            const now = harness.time.clock.now()
            for (const stepMs of [hour, 5 * minute, 7 * minute, 2 * hour]) {
              const range = { from: now - 36 * hour - (now % (2 * hour)), to: now }
              const reduced = await harness.store.reduce([{ label: '__name__', op: '=', value: 'c' }], range, stepMs)
              expectReduced(reduced, model, range.from)
            }
          } finally {
            await harness.close()
          }
        },
      ),
      { numRuns: 4, seed: 7 },
    )
  }, 180_000)
})

async function run(steps: readonly Step[]): Promise<void> {
  const opened = [await openHarness()]
  const model: Model = new Map()
  let harness = opened[0] as StoreHarness
  const handleOf = (index: number): SeriesHandle => {
    const handle = harness.store.series('m', { index: String(index) })
    if (!handle) throw new Error('expected room for a series')
    return handle
  }
  const note = (index: number, at: number, sample: number | null) => {
    const series = model.get(index) ?? new Map<number, number | null>()
    model.set(index, series.set(at, sample))
  }
  try {
    for (const step of steps) {
      const now = harness.time.clock.now()
      switch (step.type) {
        case 'append':
          harness.store.append(now - step.agoMs, [[handleOf(step.series), step.value]])
          if (step.agoMs <= acceptedDelayMs) note(step.series, now - step.agoMs, step.value)
          break
        case 'stale':
          harness.store.markStale(now, [handleOf(step.series)])
          note(step.series, now, null)
          break
        case 'pass':
          // Whatever waits in memory is written long before in real time.
          await harness.store.flush()
          harness.time.setWallClock(now + step.ms)
          break
        case 'clockBack':
          await harness.store.flush()
          harness.time.setWallClock(now - step.ms)
          break
        case 'chores':
          await harness.store.flush()
          await harness.tend(step.most)
          break
        case 'crash':
          await harness.store.flush()
          harness = await harness.afterCrash()
          opened.push(harness)
          break
        case 'ask':
          await harness.store.flush()
          await expectSame(harness.store, model, now - step.backMs, now - step.backMs + step.lengthMs)
          break
      }
    }
    await harness.store.flush()
    await expectSame(harness.store, model, 0, harness.time.clock.now() + day)
    await harness.tend()
    await expectSame(harness.store, model, 0, harness.time.clock.now() + day)
  } finally {
    for (const one of opened) await one.close()
  }
}

async function expectSame(store: MetricStore, model: Model, from: number, to: number): Promise<void> {
  const selected = await store.select([{ label: '__name__', op: '=', value: 'm' }], { from, to })
  const found = selected.map(({ labels, times, values }) => ({
    index: Number(labels['index']),
    samples: Array.from(times, (at, i) => [at, bitsAt(values, i)]),
  }))
  const expected = [...model]
    .map(([index, series]) => ({
      index,
      samples: [...series]
        .filter(([at]) => at >= from && at < to)
        .sort(([a], [b]) => a - b)
        .map(([at, sample]) => [at, sample === null ? staleBits : bitsAt(Float64Array.of(sample), 0)]),
    }))
    .filter(({ samples }) => samples.length > 0)
    .sort((a, b) => a.index - b.index)
  expect(found).toEqual(expected)
}

const staleBits = '7ff0000000000002'

function bitsAt(values: Float64Array, index: number): string {
  const bits = new BigUint64Array(values.buffer, values.byteOffset + index * 8, 1)[0] ?? 0n
  return bits.toString(16).padStart(16, '0')
}

/** Two days and some hours of a counter every seven minutes, with all chores done. */
async function recordCounter(harness: StoreHarness, growth: readonly number[], resetEvery: number) {
  const handle = harness.store.series('c', {})
  if (!handle) throw new Error('expected room for a series')
  const samples: (readonly [at: number, value: number])[] = []
  let total = 0
  for (let i = 0; i < 2 * day + 4 * hour; i += 7 * minute) {
    total = samples.length % resetEvery === resetEvery - 1 ? 0 : total + (growth[samples.length % growth.length] ?? 0)
    const at = harness.time.clock.now()
    samples.push([at, total])
    harness.store.append(at, [[handle, total]])
    if (samples.length % 8 === 0) await harness.store.flush()
    harness.time.setWallClock(at + 7 * minute)
    if (samples.length % 8 === 0) await harness.tend()
  }
  await harness.store.flush()
  return samples
}

/** Each step told from the samples alone. */
function expectReduced(reduced: Reduced, samples: readonly (readonly [number, number])[], askedFrom: number): void {
  const { from, stepMs, stepCount } = reduced
  expect(from).toBeLessThanOrEqual(askedFrom)
  const [series] = reduced.series
  for (let step = 0; step < stepCount; step++) {
    const start = from + step * stepMs
    const within = samples.filter(([at]) => at >= start && at < start + stepMs)
    const values = within.map(([, value]) => value)
    const told = { count: values.length, sum: 0, increase: 0, increaseMs: 0 }
    for (const [at, value] of within) {
      told.sum += value
      const before = samples.findLast(([earlier]) => earlier < at)
      if (!before) continue
      told.increase += value >= before[1] ? value - before[1] : value
      told.increaseMs += at - before[0]
    }
    const got = {
      count: series?.count[step],
      sum: series?.sum[step],
      increase: series?.increase[step],
      increaseMs: series?.increaseMs[step],
    }
    expect(got, `${reduced.tier} step ${step} of ${stepMs} ms`).toEqual(told)
    if (values.length === 0) continue
    expect(series?.min[step]).toBe(Math.min(...values))
    expect(series?.max[step]).toBe(Math.max(...values))
    expect(series?.last[step]).toBe(values.at(-1))
  }
}
