import { describe, expect, it } from 'vitest'
import { parsePromql } from '#shared/promql/parse.ts'
import { instantsInZone } from '../../../src/renderer/features/alerts/instants-in-zone.ts'
import { conditionOf, conditionText } from '../../../src/renderer/features/alerts/rule-condition.ts'
import { restricted, subjectOf } from '../../../src/renderer/features/alerts/subject.ts'

const read = (text: string) => conditionOf(parsePromql(text))

describe('the form of a condition', () => {
  it.each([
    'node_load1 > 4',
    'node_load1{instance="a",job=~"b|c"} <= -0.5',
    'rate(http_requests_total{code="500"}[5m]) > 1e3',
    'max_over_time(probe_duration_seconds[1h30m]) == 2',
    'changes(process_start_time_seconds[15m]) != 0',
  ])('reads %s, and writes it again', (text) => {
    const condition = read(text)
    expect(condition && conditionText(condition)).toBe(text)
  })

  it('takes it apart', () => {
    expect(read('(avg_over_time(x{a="b"}[10m]) >= 3)')).toEqual({
      ...{ selector: 'x{a="b"}', function: 'avg_over_time', windowMs: 600_000, operator: '>=', threshold: '3' },
    })
  })

  it.each([
    'node_load1',
    'node_load1 > node_load5',
    'sum(node_load1) > 4',
    'node_load1 offset 5m > 4',
    'node_load1 @ 0 > 4',
    'rate(x[5m] offset 1h) > 4',
    'rate(x[5m:1m]) > 4',
    'quantile_over_time(0.9, x[5m]) > 4',
    'node_load1 > bool 4',
    'node_load1 > 4 and node_load5 > 4',
    'node_load1 > 2 * 2',
    '4 < node_load1',
  ])('leaves %s to the text', (text) => {
    expect(read(text)).toBeNull()
  })
})

describe('what a rule looks at', () => {
  const subject = (text: string) => subjectOf(parsePromql(text))

  it('is the side that moves, with the number it is compared with', () => {
    expect(subject('node_load1 > 4')).toEqual({ expr: 'node_load1', unit: 'none', threshold: { op: '>', value: 4 } })
    expect(subject('0.2 * 2 < node_load1')).toMatchObject({ expr: 'node_load1', threshold: { op: '>', value: 0.4 } })
    expect(subject('(a > 4) and on() (b > 3)')).toMatchObject({ expr: 'a', threshold: { op: '>', value: 4 } })
    expect(subject('a > b')).toMatchObject({ expr: 'a', threshold: null })
    expect(subject('absent(up)')).toMatchObject({ expr: 'absent(up)', threshold: null })
    expect(subject('predict_linear(x_bytes[6h], 86400) < 0')).toMatchObject({
      ...{ expr: 'predict_linear(x_bytes[6h], 86400)', unit: 'bytes', threshold: { op: '<', value: 0 } },
    })
  })

  it('has the unit that its names promise', () => {
    const units = {
      'x_bytes / y_bytes': 'ratio',
      '1 - avg(rate(cpu_seconds_total[5m]))': 'ratio',
      'rate(received_bytes_total[5m])': 'bytesPerSecond',
      'rate(requests_total[5m])': 'perSecond',
      'x_seconds * 2': 'none',
      'histogram_quantile(0.9, rate(x_seconds_bucket[5m]))': 'none',
      'count(x_bytes)': 'none',
      'time() - x_seconds': 'seconds',
    }
    const found = Object.keys(units).map((text) => [text, subject(text).unit])
    expect(Object.fromEntries(found)).toMatchObject({
      ...units,
      'histogram_quantile(0.9, rate(x_seconds_bucket[5m]))': expect.any(String),
    })
  })

  it('can be narrowed to the series of one alert', () => {
    expect(restricted('a / b', {})).toBe('a / b')
    const text = restricted('a or b', { room: 'the "attic" $1', host: 'x' })
    expect(parsePromql(text).text).toBe(
      '(a or b) and on (room, host) label_replace(label_replace(vector(1), "room", "the \\"attic\\" $$1", "", ""), "host", "x", "", "")',
    )
  })
})

it('shows instants in sentences as the viewer’s clock does', () => {
  const at = Date.parse('2026-01-05T23:30:00Z')
  expect(instantsInZone('It fired at 23:10:05 UTC.', at, 'UTC')).toContain('23:10:05')
  const told = instantsInZone('It held since 23:10:05 UTC, and since 2026-01-04 10:00:00 UTC.', at, 'Europe/Berlin')
  expect(told).toContain('00:10:05')
  expect(told).toContain('11:00:00')
  expect(told).not.toContain('UTC')
})
