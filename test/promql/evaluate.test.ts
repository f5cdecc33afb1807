import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memoryMetrics } from '#test/support/memory-metrics.ts'
import { linesOf, samplesOf } from './evaluated.ts'
import { loadSeries } from './series-notation.ts'

const minute = 60_000

/** One sample a minute from 0; evaluated at ten minutes unless told otherwise. */
const world = loadSeries(
  [
    { series: 'load{host="a",core="0"}', values: '0+1x20' },
    { series: 'load{host="b",core="0"}', values: '20-1x20' },
    { series: 'total{host="a"}', values: '0+60x5 0+60x20' },
    { series: 'gone{host="a"}', values: '1x5 stale' },
    { series: 'cores{host="a"}', values: '4x20' },
    { series: 'cores{host="b"}', values: '8x20' },
    { series: 'info{host="a",version="1.2"}', values: '1x20' },
    { series: 'flat', values: '7x20' },
  ],
  minute,
)
const at = 10 * minute

describe('evaluating', () => {
  it.each([
    ['load', ['load{core="0", host="a"} 10', 'load{core="0", host="b"} 10']],
    ['load{host=~"a|c"}', ['load{core="0", host="a"} 10']],
    ['load{host!~"a.*"} offset 5m', ['load{core="0", host="b"} 15']],
    ['load > 9', ['load{core="0", host="a"} 10', 'load{core="0", host="b"} 10']],
    ['load > bool 10', ['{core="0", host="a"} 0', '{core="0", host="b"} 0']],
    ['9 < load{host="a"}', ['load{core="0", host="a"} 10']],
    ['load{host="a"} * 2 + 1', ['{core="0", host="a"} 21']],
    ['-load{host="a"}', ['{core="0", host="a"} -10']],
    ['gone', []],
    ['absent(gone{host="a",x=~"y"})', ['{host="a"} 1']],
    ['absent(load)', []],
    ['absent(sum(gone))', ['{} 1']],
    ['sum(load)', ['{} 20']],
    ['sum by (host) (load)', ['{host="a"} 10', '{host="b"} 10']],
    ['sum without (core) (load)', ['{host="a"} 10', '{host="b"} 10']],
    ['avg(cores)', ['{} 6']],
    ['max(cores) - min(cores)', ['{} 4']],
    ['count(cores)', ['{} 2']],
    ['count(nothing)', []],
    ['topk(1, cores)', ['cores{host="b"} 8']],
    ['bottomk(1, cores)', ['cores{host="a"} 4']],
    ['topk(-1, cores)', []],
    ['topk(1.9, cores)', ['cores{host="b"} 8']],
    ['quantile(0.5, cores)', ['{} 6']],
    ['quantile_over_time(0.5, load{host="a"}[5m])', ['{core="0", host="a"} 8']],
    ['topk by (host) (1, cores)', ['cores{host="a"} 4', 'cores{host="b"} 8']],
    ['load / on(host) cores', ['{host="a"} 2.5', '{host="b"} 1.25']],
    ['load / ignoring(core) cores', ['{host="a"} 2.5', '{host="b"} 1.25']],
    ['load > on(host) cores', ['{host="a"} 10', '{host="b"} 10']],
    ['load * on(host) group_left(version) info', ['{core="0", host="a", version="1.2"} 10']],
    ['info * on(host) group_right(version) load', ['{core="0", host="a", version="1.2"} 10']],
    ['load and on(host) info', ['load{core="0", host="a"} 10']],
    ['load unless on(host) info', ['load{core="0", host="b"} 10']],
    ['info or on(host) cores', ['cores{host="b"} 8', 'info{host="a", version="1.2"} 1']],
    ['load / scalar(flat)', ['{core="0", host="a"} 1.4285714285714286', '{core="0", host="b"} 1.4285714285714286']],
    ['scalar(load)', ['{} NaN']],
    ['vector(1)', ['{} 1']],
    ['time()', ['{} 600']],
    ['time() - timestamp(flat offset 90s)', ['{} 120']],
    ['1 + 2 * 3 ^ 2', ['{} 19']],
    ['-2 ^ 2', ['{} -4']],
    ['7 % 4 == bool 3', ['{} 1']],
    ['abs(-load{host="a"})', ['{core="0", host="a"} 10']],
    ['clamp_max(cores, 5)', ['{host="a"} 4', '{host="b"} 5']],
    ['clamp_min(cores, 5)', ['{host="a"} 5', '{host="b"} 8']],
    ['count_over_time(flat[5m])', ['{} 5']],
    ['sum_over_time(flat[5m])', ['{} 35']],
    ['min_over_time(load{host="a"}[5m])', ['{core="0", host="a"} 6']],
    ['max_over_time(load{host="b"}[5m])', ['{core="0", host="b"} 14']],
    ['avg_over_time(load{host="a"}[5m])', ['{core="0", host="a"} 8']],
    ['last_over_time(load{host="a"}[5m])', ['load{core="0", host="a"} 10']],
    ['rate(load{host="a"}[4m])', ['{core="0", host="a"} 0.016666666666666663']],
    ['increase(load{host="a"}[4m])', ['{core="0", host="a"} 4']],
    ['delta(load{host="b"}[4m])', ['{core="0", host="b"} -4']],
    ['floor(increase(total[10m]))', ['{host="a"} 533']],
    ['rate(flat[1m])', []],
    ['deriv(load{host="b"}[5m])', ['{core="0", host="b"} -0.016666666666666666']],
    ['predict_linear(load{host="b"}[5m], 600)', ['{core="0", host="b"} 0']],
    ['deriv(flat[5m])', ['{} 0']],
    ['count_over_time(gone[10m])', ['{host="a"} 5']],
  ])('gives for %s', async (text, expected) => {
    expect(await linesOf(text, world, at)).toEqual(expected)
  })

  it.each([
    ['cores + on() info', /many-to-one matching must be explicit .*Several series on the left of \+ match one/],
    ['info + on() cores', /found duplicate series for the match group \{\} on the right hand-side/],
    ['topk(1/0, cores)', /Scalar value \+Inf overflows int64\. topk needs/],
    ['bottomk(0/0, cores)', /Parameter value is NaN/],
    ['-{host="a",__name__=~"cores|total"}', /twice/],
    ['rate({__name__=~"cores|flat|total",host=~"a|"}[5m])', /same labelset. The result would hold \{host="a"\} twice/],
  ])('refuses %s', async (text, message) => {
    await expect(linesOf(text, world, at)).rejects.toThrow(message)
  })

  it('looks back less than five minutes, the beginning excluded', async () => {
    const metrics = memoryMetrics()
    metrics.put('x', {}, 1000, 1)
    expect(await linesOf('x', metrics, 300_999)).toEqual(['x{} 1'])
    expect(await linesOf('x', metrics, 301_000)).toEqual([])
    expect(await linesOf('x', metrics, 301_000, { closedRanges: true })).toEqual(['x{} 1'])
    expect(await linesOf('x', metrics, 999)).toEqual([])
  })

  it('ends a series with its stale marker and takes it up again', async () => {
    const metrics = loadSeries([{ series: 'x', values: '1 stale 2' }], minute)
    expect(await linesOf('x', metrics, 90_000)).toEqual([])
    expect(await linesOf('x', metrics, 120_000)).toEqual(['x{} 2'])
    expect(await linesOf('count_over_time(x[5m])', metrics, 120_000)).toEqual(['{} 2'])
  })

  it('leaves NaN out of comparisons but keeps it as a value', async () => {
    const metrics = memoryMetrics()
    metrics.put('x', {}, 1000, Number.NaN)
    metrics.put('y', {}, 1000, 2)
    expect(await linesOf('x', metrics, 1000)).toEqual(['x{} NaN'])
    expect(await linesOf('x < 1 or x >= 1', metrics, 1000)).toEqual([])
    expect(await linesOf('x != 1', metrics, 1000)).toEqual(['x{} NaN'])
    expect(await linesOf('max({__name__=~"x|y"})', metrics, 1000)).toEqual(['{} 2'])
  })

  it('never lets a counter rise by less than zero, whatever its samples', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 2, maxLength: 20 }), async (values) => {
        const metrics = memoryMetrics()
        values.forEach((value, index) => void metrics.put('c', {}, index * 10_000 + 1, value))
        const [sample] = await samplesOf('increase(c[5m])', metrics, values.length * 10_000)
        expect(sample?.value).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  it('gives sum as count times avg, whatever the values', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }), { minLength: 1 }),
        async (values) => {
          const metrics = memoryMetrics()
          values.forEach((value, index) => void metrics.put('x', { i: String(index) }, 0, value))
          const [sum] = await samplesOf('sum(x)', metrics, 0)
          const [product] = await samplesOf('avg(x) * count(x)', metrics, 0)
          expect(product?.value).toBeCloseTo(sum?.value ?? Number.NaN, 3)
        },
      ),
    )
  })
})
