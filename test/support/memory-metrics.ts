/**
 * A MetricStore that keeps every sample in memory: the interface's semantics without workers, chunks or tiers, for tests
 * whose subject is not storage. Samples are visible at once, kept in order, and one instant of a series has one value
 * (the last written).
 */
import { RE2JS } from 're2js'
import type { LatestSample, MetricStore, Range, ReducedSeries, SeriesHandle } from '#main/metrics/metric-store.ts'
import { isStaleAt, type Labels, type Matcher, type SelectedSeries, staleNaNBits } from '#shared/domain/series.ts'

export interface MemoryMetrics extends MetricStore {
  /** Appends one sample by name and labels. */
  put(name: string, labels: Labels, at: number, value: number): void
  /** Ends a series with a stale marker. */
  end(name: string, labels: Labels, at: number): void
  /** While set, questions reject with it: a store that is down. */
  failWith: Error | null
}

interface Stored {
  readonly handle: SeriesHandle
  readonly decimals: number | null
  times: number[]
  /** Null is the stale marker: as a number it would not keep its bits (it is a signalling NaN). */
  values: (number | null)[]
}

export function memoryMetrics(): MemoryMetrics {
  const byKey = new Map<string, Stored>()
  const byId = new Map<number, Stored>()
  let appended = 0

  const stored = (name: string, labels: Labels, decimals: number | null): Stored => {
    const key = JSON.stringify([name, Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))])
    const known = byKey.get(key)
    if (known) return known
    const made = { handle: { id: byKey.size + 1, name, labels: { ...labels } }, decimals, times: [], values: [] }
    byKey.set(key, made)
    byId.set(made.handle.id, made)
    return made
  }
  const write = (series: Stored, at: number, value: number | null) => {
    const exact =
      value === null || series.decimals === null || !Number.isFinite(value)
        ? value
        : Number(value.toFixed(series.decimals))
    let index = series.times.length
    while (index > 0 && (series.times[index - 1] ?? 0) >= at) index--
    const doubled = series.times[index] === at ? 1 : 0
    series.times.splice(index, doubled, at)
    series.values.splice(index, doubled, exact)
    appended++
  }
  const known = (handle: SeriesHandle): Stored => {
    const series = byId.get(handle.id)
    if (!series) throw new Error(`no series has the handle ${handle.id}`)
    return series
  }
  const matching = (matchers: readonly Matcher[]): Stored[] => {
    if (store.failWith) throw store.failWith
    const tests = matchers.map(testOf)
    return [...byKey.values()]
      .filter(({ handle }) => tests.every((test) => test(handle)))
      .sort((a, b) => compare(a.handle, b.handle))
  }

  const store: MemoryMetrics = {
    failWith: null,
    put: (name, labels, at, value) => write(stored(name, labels, null), at, value),
    end: (name, labels, at) => write(stored(name, labels, null), at, null),
    series: (name, labels, options) => stored(name, labels, options?.decimals ?? null).handle,
    append(at, samples) {
      for (const [handle, value] of samples) write(known(handle), at, value)
    },
    markStale(at, series) {
      for (const handle of series) write(known(handle), at, null)
    },
    flush: async () => {},
    select: async (matchers, range) =>
      matching(matchers)
        .map((series) => selected(series, range))
        .filter((series) => series.times.length > 0),
    latest: async (matchers, at, lookbackMs = 300_000) =>
      matching(matchers).flatMap((series) => newest(series, at, lookbackMs)),
    reduce: async (matchers, range, stepMs) => {
      const stepCount = Math.ceil((range.to - range.from) / stepMs)
      const series = matching(matchers).map((one) => reduced(one, range, stepMs, stepCount))
      return {
        tier: 'raw' as const,
        from: range.from,
        stepMs,
        stepCount,
        series: series.filter((one) => one.count.some((count) => count > 0)),
      }
    },
    names: async (prefix) =>
      [...new Set([...byKey.values()].map(({ handle }) => handle.name))].filter((n) => n.startsWith(prefix)).sort(),
    usage: async () => ({
      activeSeries: byKey.size,
      samplesStored: [...byKey.values()].reduce((sum, series) => sum + series.times.length, 0),
      samplesAppended: appended,
      refusedSeries: 0,
      refusedSamples: 0,
      oldestAt: [...byKey.values()].reduce<number | null>((oldest, { times }) => {
        const first = times[0]
        return first === undefined || (oldest !== null && oldest <= first) ? oldest : first
      }, null),
      bytesHead: 0,
      bytesChunks: 0,
      bytesSummaries: 0,
    }),
    giveUpOldestDay: async () => null,
    async applyRetention(now, days) {
      let given = 0
      for (const series of byKey.values()) {
        const kept = series.times.findIndex((at) => at >= now - days.raw * 86_400_000)
        const drop = kept < 0 ? series.times.length : kept
        series.times.splice(0, drop)
        series.values.splice(0, drop)
        given += drop
      }
      return given
    },
  }
  return store
}

function testOf(matcher: Matcher): (series: SeriesHandle) => boolean {
  const labelOf = (series: SeriesHandle) =>
    matcher.label === '__name__' ? series.name : (series.labels[matcher.label] ?? '')
  switch (matcher.op) {
    case '=':
      return (series) => labelOf(series) === matcher.value
    case '!=':
      return (series) => labelOf(series) !== matcher.value
    case '=~':
    case '!~': {
      const pattern = RE2JS.compile(matcher.value, RE2JS.DOTALL)
      return (series) => pattern.matches(labelOf(series)) === (matcher.op === '=~')
    }
  }
}

function compare(a: SeriesHandle, b: SeriesHandle): number {
  const [left, right] = [keyOf(a), keyOf(b)]
  return left < right ? -1 : left > right ? 1 : 0
}

const keyOf = (series: SeriesHandle) => `${series.name}${JSON.stringify(Object.entries(series.labels).sort())}`

function selected(series: Stored, range: Range): SelectedSeries {
  const first = series.times.findIndex((at) => at >= range.from)
  const after = series.times.findIndex((at) => at >= range.to)
  const from = first < 0 ? series.times.length : first
  const to = after < 0 ? series.times.length : after
  const values = new Float64Array(to - from)
  const bits = new BigUint64Array(values.buffer)
  series.values.slice(from, to).forEach((value, index) => {
    if (value === null) bits[index] = staleNaNBits
    else values[index] = value
  })
  return { ...series.handle, times: Float64Array.from(series.times.slice(from, to)), values }
}

function newest(series: Stored, at: number, lookbackMs: number): LatestSample[] {
  const { times, values } = selected(series, { from: at - lookbackMs + 1, to: at + 1 })
  const last = times.length - 1
  if (last < 0 || isStaleAt(values, last)) return []
  return [{ ...series.handle, at: times[last] ?? 0, value: values[last] ?? Number.NaN }]
}

function reduced(series: Stored, range: Range, stepMs: number, stepCount: number): ReducedSeries {
  const columns = {
    count: new Float64Array(stepCount),
    sum: new Float64Array(stepCount),
    min: new Float64Array(stepCount).fill(Number.NaN),
    max: new Float64Array(stepCount).fill(Number.NaN),
    last: new Float64Array(stepCount).fill(Number.NaN),
    increase: new Float64Array(stepCount),
    increaseMs: new Float64Array(stepCount),
  }
  let before: number | null = null
  let beforeAt = 0
  series.times.forEach((at, index) => {
    const value = series.values[index] ?? null
    if (value === null || Number.isNaN(value)) return
    const step = Math.floor((at - range.from) / stepMs)
    if (step >= 0 && step < stepCount) {
      const first = columns.count[step] === 0
      columns.count[step] = (columns.count[step] ?? 0) + 1
      columns.sum[step] = (columns.sum[step] ?? 0) + value
      columns.min[step] = first ? value : Math.min(columns.min[step] ?? value, value)
      columns.max[step] = first ? value : Math.max(columns.max[step] ?? value, value)
      columns.last[step] = value
      const gained = before === null ? 0 : value < before ? value : value - before
      columns.increase[step] = (columns.increase[step] ?? 0) + gained
      if (before !== null) columns.increaseMs[step] = (columns.increaseMs[step] ?? 0) + at - beforeAt
    }
    before = value
    beforeAt = at
  })
  return { ...series.handle, ...columns }
}
