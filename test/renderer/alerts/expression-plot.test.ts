import { describe, expect, it } from 'vitest'
import type { MetricAnswer } from '#shared/contract/metrics.ts'
import { parsePromql } from '#shared/promql/parse.ts'
import { plotOf } from '../../../src/renderer/features/alerts/expression-plot.ts'
import { lineOf } from '../../../src/renderer/features/alerts/plot-line.ts'

const labels = { instance: 'localhost', mountpoint: '/', severity: 'warning', alertname: 'DiskFull' }
const plot = (text: string) => plotOf(parsePromql(text).expr, labels)
const answer = (...series: MetricAnswer['series']): MetricAnswer => ({
  stepMs: 1000,
  tier: 'raw',
  times: [0, 1000],
  series,
})

describe('plotOf', () => {
  it('takes a comparison with a number for the threshold, whichever side it stands on', () => {
    expect(plot('node_load1 > 4')).toMatchObject({ threshold: { op: '>', value: 4 }, isExact: true })
    expect(plot('0.2 * 2 < node_load1')).toMatchObject({ threshold: { op: '>', value: 0.4 } })
    expect(plot('node_load1 > 4 and on() node_load5 > 3')).toMatchObject({ threshold: { op: '>', value: 4 } })
  })

  it('asks for a rate as a rate and drops the name from the matchers', () => {
    expect(plot('rate(node_network_receive_bytes_total{device="eth0"}[5m]) > 1e6')).toMatchObject({
      queries: [
        {
          metric: 'node_network_receive_bytes_total',
          matchers: [{ label: 'device', op: '=', value: 'eth0' }],
          reduce: 'rate',
        },
      ],
      unit: 'bytesPerSecond',
    })
  })

  it('asks for one check only when the alert speaks of one', () => {
    const found = plotOf(parsePromql('belfry_check_state == 0').expr, { check: 'c1' })
    expect(found?.queries[0]?.matchers).toEqual([{ label: 'check', op: '=', value: 'c1' }])
  })

  it('draws the input, without a threshold, of what it cannot compute', () => {
    expect(plot('predict_linear(node_filesystem_avail_bytes[6h], 86400) < 0')).toMatchObject({
      queries: [{ metric: 'node_filesystem_avail_bytes' }],
      threshold: null,
      isExact: false,
    })
  })

  it('has nothing to draw for an expression without a metric', () => {
    expect(plot('vector(1) > 0')).toBeNull()
  })
})

describe('lineOf', () => {
  it('computes what the rule compares, point by point, and leaves gaps as gaps', () => {
    const used = plot('1 - node_filesystem_avail_bytes / node_filesystem_size_bytes > 0.8')
    if (!used) throw new Error('expected a plot')
    expect(used.unit).toBe('ratio')
    const line = lineOf(
      used,
      [
        answer(
          { labels: { mountpoint: '/', device: 'a' }, values: [25, null] },
          { labels: { mountpoint: '/home', device: 'b' }, values: [1, 1] },
        ),
        answer({ labels: { mountpoint: '/', device: 'a' }, values: [100, 100] }),
      ],
      labels,
    )
    expect(line).toEqual({ times: [0, 1000], values: [0.75, null] })
  })

  it('aggregates the series that fit the alert', () => {
    const cpu = plot('1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[5m])) > 0.8')
    if (!cpu) throw new Error('expected a plot')
    const series = [
      { labels: { instance: 'localhost', cpu: '0' }, values: [0.5, 0.1] },
      { labels: { instance: 'localhost', cpu: '1' }, values: [0.7, 0.3] },
      { labels: { instance: 'other', cpu: '0' }, values: [0, 0] },
    ]
    const line = lineOf(cpu, [answer(...series)], labels)
    expect(line?.values[0]).toBeCloseTo(0.4)
    expect(line?.values[1]).toBeCloseTo(0.8)
  })

  it('divides by a scalar, and counts with the time itself', () => {
    const load = plot('node_load5 / scalar(count(node_cpu_seconds_total{mode="idle"})) > 2')
    const certificate = plot('(probe_ssl_earliest_cert_expiry - time()) / 86400 < 30')
    if (!load || !certificate) throw new Error('expected plots')
    expect([load.isExact, certificate.isExact]).toEqual([true, true])
    const cores = answer({ labels: { cpu: '0' }, values: [1, 1] }, { labels: { cpu: '1' }, values: [1, 1] })
    expect(lineOf(load, [answer({ labels: {}, values: [6, 3] }), cores], labels)?.values).toEqual([3, 1.5])
    const expiry = answer({ labels: {}, values: [864_000, 864_001] })
    expect(lineOf(certificate, [expiry], labels)?.values).toEqual([10, 10])
  })

  it('draws nothing when several series fit and the rule does not say which', () => {
    const load = plot('node_load1 > 4')
    if (!load) throw new Error('expected a plot')
    const twice = answer({ labels: { job: 'a' }, values: [1, 1] }, { labels: { job: 'b' }, values: [2, 2] })
    expect(lineOf(load, [twice], labels)).toBeNull()
  })
})
