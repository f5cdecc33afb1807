/** promtool's notation for test series, `1+2x5 _ stale`, loaded into a metric store in memory. */
import { parsePromql } from '#shared/promql/parse.ts'
import { type MemoryMetrics, memoryMetrics } from '#test/support/memory-metrics.ts'

export interface InputSeries {
  /** A selector with equality matchers, such as `x{a="b"}`. */
  readonly series: string
  readonly values: string
}

export function loadSeries(input: readonly InputSeries[], intervalMs: number, startAt = 0): MemoryMetrics {
  const metrics = memoryMetrics()
  for (const { series, values } of input) {
    const { name, labels } = identityOf(series)
    expandValues(values).forEach((value, index) => {
      const at = startAt + index * intervalMs
      if (value === 'stale') metrics.end(name, labels, at)
      else if (value !== null) metrics.put(name, labels, at, value)
    })
  }
  return metrics
}

function identityOf(series: string): { name: string; labels: Record<string, string> } {
  const { expr } = parsePromql(series)
  if (expr.type !== 'vector-selector') throw new Error(`no series: ${series}`)
  const all = Object.fromEntries(expr.matchers.map(({ label, value }) => [label, value]))
  const { __name__: name = '', ...labels } = all
  return { name, labels }
}

/** `1+2x3` is 1 3 5 7; `5x2` is 5 5 5; `_` leaves one out; `_x3` three. */
function expandValues(text: string): (number | null | 'stale')[] {
  return text
    .trim()
    .split(/\s+/)
    .flatMap((word): (number | null | 'stale')[] => {
      if (word === 'stale') return ['stale']
      const gap = /^_(?:x(\d+))?$/.exec(word)
      if (gap) return Array.from({ length: Number(gap[1] ?? 1) }, () => null)
      const run = /^([+-]?[\d.]+(?:e[+-]?\d+)?)(?:([+-][\d.]+))?x(\d+)$/.exec(word)
      if (!run) return [word === 'Inf' ? Number.POSITIVE_INFINITY : word === '-Inf' ? -Infinity : Number(word)]
      const [start, step, times] = [Number(run[1]), Number(run[2] ?? 0), Number(run[3])]
      return Array.from({ length: times + 1 }, (_, index) => start + step * index)
    })
}
