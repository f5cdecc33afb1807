import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openHarness } from '#test/metrics/store-harness.ts'
import { type OpenQueries, openQueries, stalledHarness } from './queries.ts'

const second = 1000
const minute = 60 * second

let opened: OpenQueries
beforeEach(async () => {
  opened = await openQueries()
})
afterEach(() => opened.close())

const recordRequests = () =>
  opened.record(
    [
      ['requests_total', { job: 'web', instance: 'a' }, (n) => n * 10],
      ['requests_total', { job: 'web', instance: 'b' }, (n) => n * 30],
      ['temperature', { room: 'north' }, (n) => (n === 5 ? Number.NaN : n === 6 ? Number.POSITIVE_INFINITY : n)],
    ],
    { count: 61, everyMs: 10 * second },
  )

describe('a range', () => {
  it('is answered with one value a step, both ends included', async () => {
    await recordRequests()
    const from = opened.startedAt + 5 * minute
    const answer = await opened.range({
      expr: 'sum by (job) (rate(requests_total[1m]))',
      ...{ from, to: from + 2 * minute, stepMs: 30 * second },
    })
    expect(answer.times).toEqual([0, 1, 2, 3, 4].map((step) => from + step * 30 * second))
    expect(answer.series).toEqual([{ labels: { job: 'web' }, values: [4, 4, 4, 4, 4] }])
    expect([answer.tier, answer.stepMs, answer.warnings]).toEqual(['raw', 30 * second, []])
    expect(answer.stats.samples).toBeGreaterThan(30)
  })

  it('tells what JSON does not know in words, and where there is no sample, null', async () => {
    await recordRequests()
    const from = opened.startedAt + 40 * second
    const { series } = await opened.range({ expr: 'temperature', from, to: from + 30 * second, stepMs: 10 * second })
    expect(series).toEqual([{ labels: { __name__: 'temperature', room: 'north' }, values: [4, 'NaN', '+Inf', 7] }])
    const before = await opened.range({
      expr: 'temperature',
      ...{ from: opened.startedAt - minute, to: opened.startedAt, stepMs: minute },
    })
    expect(before.series[0]?.values).toEqual([null, 0])
  })

  it('of a scalar is one series without labels', async () => {
    const { series } = await opened.range({ expr: '6 * 7', from: 0, to: 2000, stepMs: 1000 })
    expect(series).toEqual([{ labels: {}, values: [42, 42, 42] }])
  })

  it('finds what is sealed and what is still in the head', async () => {
    await opened.record([['up', { job: 'x' }, (n) => n % 2]], { count: 400, everyMs: minute })
    await opened.harness.tend()
    const { series } = await opened.range({
      expr: 'count_over_time(up[1h])',
      ...{ from: opened.startedAt + 60 * minute, to: opened.startedAt + 399 * minute, stepMs: 60 * minute },
    })
    expect(series[0]?.values).toEqual([60, 60, 60, 60, 60, 60])
  })
})

describe('an instant', () => {
  it('is now where none is given', async () => {
    await recordRequests()
    const answer = await opened.instant('requests_total{instance="b"}')
    const at = opened.harness.time.clock.now()
    expect(answer).toMatchObject({ resultType: 'vector', at, text: null })
    expect(answer.series).toEqual([
      { labels: { __name__: 'requests_total', instance: 'b', job: 'web' }, samples: [[at, 1800]] },
    ])
  })

  it('now is answered from memory, one that is past from what is stored, and each has the same', async () => {
    await recordRequests()
    const now = opened.harness.time.clock.now()
    const values = async (at: number) => {
      const { series } = await opened.instant('requests_total', at)
      return series.map(({ samples: [sample] }) => sample?.[1])
    }
    expect(await values(now)).toEqual([600, 1800])
    expect(await values(now - 10 * second)).toEqual([590, 1770])
    expect(await values(now + 5 * minute - 1)).toEqual([600, 1800])
    expect(await values(now + 5 * minute)).toEqual([])
    const handle = opened.harness.store.series('requests_total', { job: 'web', instance: 'a' })
    if (handle) opened.harness.store.markStale(now + 1, [handle])
    await opened.harness.store.flush()
    expect(await values(now + 2)).toEqual([1800])
    expect(await values(now)).toEqual([600, 1800])
  })

  it('takes the sample at the beginning of a range where belfry.yaml says so, and in the lookback, too', async () => {
    await opened.close()
    opened = await openQueries({}, await openHarness({ closedRanges: true }))
    await recordRequests()
    const at = opened.startedAt + minute
    const counted = await opened.instant('count_over_time(requests_total{instance="a"}[20s])', at)
    expect(counted.series[0]?.samples).toEqual([[at, 3]])
    const now = opened.harness.time.clock.now()
    expect((await opened.instant('requests_total', now + 5 * minute)).series).toHaveLength(2)
    expect((await opened.instant('requests_total', now + 5 * minute + 1)).series).toHaveLength(0)
  })

  it('of a range selector has the samples themselves', async () => {
    await recordRequests()
    const at = opened.startedAt + minute
    const answer = await opened.instant('requests_total{instance="a"}[20s]', at)
    expect(answer.resultType).toBe('matrix')
    expect(answer.series[0]?.samples).toEqual([
      [at - 10 * second, 50],
      [at, 60],
    ])
  })

  it('of a number or a text is just that', async () => {
    expect(await opened.instant('1 / 0', 5000)).toMatchObject({
      resultType: 'scalar',
      series: [{ labels: {}, samples: [[5000, '+Inf']] }],
    })
    expect(await opened.instant('"hello"', 5000)).toMatchObject({ resultType: 'string', series: [], text: 'hello' })
  })
})

describe('what limits a query', () => {
  it('is named when it reads too many samples', async () => {
    const limited = await openQueries({ maxSamples: 1000 })
    await limited.record([['up', {}, () => 1]], { count: 1500, everyMs: second })
    await expect(limited.instant('count_over_time(up[1h])')).rejects.toMatchObject({
      code: 'too-large',
      message: expect.stringContaining('1000 samples, the limit query.maxSamples'),
    })
    await limited.close()
  })

  it('is named when it has too many steps, before anything is read', async () => {
    await expect(opened.range({ expr: 'up', from: 0, to: 11_000_000, stepMs: 1000 })).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('11001 steps, more than 11000, the limit query.maxPoints'),
    })
  })

  it('is named when its time is up', async () => {
    const stalled = await openQueries({}, await stalledHarness())
    await stalled.record([['up', {}, () => 1]], { count: 1, everyMs: second })
    const asked = expect(stalled.instant('up[1m]')).rejects.toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('longer than 1m, the limit query.timeout'),
    })
    await stalled.harness.time.advance(minute)
    await asked
    await stalled.close()
  })

  it('is how many there are at once: the others wait, and their time passes', async () => {
    const stalled = await openQueries({ concurrency: 1 }, await stalledHarness())
    await stalled.record([['up', {}, () => 1]], { count: 1, everyMs: second })
    const first = expect(stalled.instant('up[1m]')).rejects.toMatchObject({ code: 'timeout' })
    const waiting = expect(stalled.instant('1')).rejects.toMatchObject({ code: 'timeout' })
    await stalled.harness.time.advance(minute)
    await Promise.all([first, waiting])
    expect(await stalled.instant('1')).toMatchObject({ resultType: 'scalar' })
    await stalled.close()
  })

  it('is that of the asker who goes away', async () => {
    await recordRequests()
    const controller = new AbortController()
    const asked = opened.queries.instant({ expr: 'up', at: null }, 'columns', controller.signal)
    controller.abort()
    await expect(asked).rejects.toMatchObject({ code: 'closed' })
  })
})

describe('an expression under the cursor', () => {
  const check = (expr: string) => opened.handlers['query.check']({ expr }, opened.context)

  it('is told by its type and the metrics it asks for', async () => {
    expect(await check('sum(rate(a_total[5m])) / on() b')).toEqual({
      type: 'vector',
      problems: [],
      metrics: ['a_total', 'b'],
    })
    expect(await check('up[5m]')).toMatchObject({ type: 'matrix' })
  })

  it('is told with what is wrong and where', async () => {
    const checked = await check('sum(\n  nope(up))')
    expect(checked).toMatchObject({ type: null, metrics: [] })
    expect(checked.problems).toEqual([{ message: expect.stringContaining('nope'), from: 7, to: 11 }])
  })

  it('may be nonsense of any length', async () => {
    for (const expr of ['', '('.repeat(90_000), '-'.repeat(5000), `${'sum('.repeat(2000)}up${')'.repeat(2000)}`]) {
      const { type, problems } = await check(expr)
      expect([type, problems.length]).toEqual([null, 1])
    }
  })
})

describe('what there is to ask about', () => {
  it('is told by names, values and series, for all or for what selectors match', async () => {
    await recordRequests()
    const { handlers, context } = opened
    const when = { from: null, to: null }
    const ask = { ...when, selectors: ['requests_total{instance=~"a|c"}'] }
    expect(await handlers['query.labelNames']({ ...when, selectors: [] }, context)).toEqual([
      ...['__name__', 'instance', 'job', 'room'],
    ])
    expect(await handlers['query.labelNames'](ask, context)).toEqual(['__name__', 'instance', 'job'])
    expect(await handlers['query.labelValues']({ ...when, label: '__name__', selectors: [] }, context)).toEqual([
      ...['requests_total', 'temperature'],
    ])
    expect(await handlers['query.labelValues']({ ...ask, label: 'instance' }, context)).toEqual(['a'])
    expect(await handlers['query.series']({ ...ask, limit: 10 }, context)).toEqual([
      { __name__: 'requests_total', instance: 'a', job: 'web' },
    ])
    await expect(
      handlers['query.series']({ ...when, selectors: ['rate(up[5m])'], limit: 10 }, context),
    ).rejects.toMatchObject({ code: 'invalid', message: expect.stringContaining('vector selector') })
  })

  it('leaves out series that ended before the range', async () => {
    await recordRequests()
    const later = { from: opened.harness.time.clock.now() + 1, to: null, selectors: ['{job="web"}'], limit: 10 }
    expect(await opened.handlers['query.series'](later, opened.context)).toEqual([])
  })

  it('includes what sources say of their metrics', async () => {
    opened.metadata.put('b_total', { type: 'counter', help: 'All b.', unit: '' })
    opened.metadata.put('a_bytes', { type: 'gauge', help: 'Size of a.', unit: 'bytes' })
    const ask = (metric: string | null) => opened.handlers['query.metadata']({ metric }, opened.context)
    expect(await ask('b_total')).toEqual([{ metric: 'b_total', type: 'counter', help: 'All b.', unit: '' }])
    expect(await ask('c')).toEqual([])
    expect((await ask(null)).map(({ metric }) => metric)).toEqual(['a_bytes', 'b_total'])
  })
})
