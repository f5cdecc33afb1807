import { describe, expect, it } from 'vitest'
import { parsePromql } from '#shared/promql/parse.ts'
import { printExpr } from '#shared/promql/print.ts'

const withoutSpans = (text: string) =>
  JSON.parse(JSON.stringify(parsePromql(text).expr, (key, value) => (key === 'span' ? undefined : value)))

describe('an expression that is written anew', () => {
  it.each([
    'up',
    '{__name__=~"a|b", "c d"!="x\\ny"}',
    '{"a metric"}',
    'rate(x_total{job="a"}[90s] @ 1609746000.5 offset -1h)',
    'max_over_time(rate(x[5m])[1h:] offset 5m) + last_over_time(x[2d:1m] @ start())',
    '-(a + -b) ^ 2 % 3 atan2 c',
    'a > bool 1 and on (x) b unless ignoring (y, z) c or d',
    'a / on (x) group_right (y) b * ignoring (z) group_left () c',
    'quantile without (a, b) (0.9, x) - topk(3, y) + count_values("v", z) + sum(w)',
    'Inf + NaN + 1e21 + 0.5 + 0x1F',
    'label_replace(up, "a", "$1", "b", "(.*)")',
    'time() + vector(1) + scalar(x) + hour()',
    `sum by (job, instance) (rate(http_requests_total{code=~"5..", handler="/api/v1/query_range"}[5m])) / sum by (job, instance) (rate(http_requests_total{handler="/api/v1/query_range"}[5m])) > 0.05`,
  ])('reads back as the same: %s', (text) => {
    expect(withoutSpans(printExpr(parsePromql(text).expr))).toEqual(withoutSpans(text))
  })

  it('takes a line for each part of what is long', () => {
    const long = `sum(rate(${'x'.repeat(60)}_total{job="api"}[5m])) / sum(rate(${'y'.repeat(60)}_total[5m]))`
    expect(printExpr(parsePromql(long).expr)).toBe(
      `  sum(rate(${'x'.repeat(60)}_total{job="api"}[5m]))\n/\n  sum(rate(${'y'.repeat(60)}_total[5m]))`,
    )
  })
})
