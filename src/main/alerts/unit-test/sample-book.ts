/** The samples of one test, in memory, in the order of time. */
import type { LatestSample, MetricStore, SeriesHandle } from '#main/metrics/metric-store.ts'
import { labelValue, seriesKey } from '#shared/domain/labels.ts'
import { compileMatcher } from '#shared/domain/matchers.ts'
import { isStaleAt, type Matcher, type SelectedSeries, staleNaNBits } from '#shared/domain/series.ts'

export type SampleBook = Pick<MetricStore, 'series' | 'append' | 'markStale' | 'select' | 'latest'>

interface Page {
  readonly handle: SeriesHandle
  readonly times: number[]
  /** Null is a stale marker, which as a number would not keep its bits. */
  readonly values: (number | null)[]
}

export function sampleBook(): SampleBook {
  const pages = new Map<string, Page>()
  const byId: Page[] = []

  const write = ({ id }: SeriesHandle, at: number, value: number | null) => {
    const page = byId[id]
    if (!page) throw new Error(`no series has the id ${id}`)
    if (page.times.at(-1) === at) {
      page.times.pop()
      page.values.pop()
    }
    page.times.push(at)
    page.values.push(value)
  }
  const matching = (matchers: readonly Matcher[]): Page[] => {
    const tests = matchers.map((matcher) => ({ label: matcher.label, holds: compileMatcher(matcher) }))
    return byId.filter(({ handle }) => tests.every(({ label, holds }) => holds(labelValue(handle, label))))
  }

  return {
    series(name, labels) {
      const key = seriesKey(name, labels)
      const known = pages.get(key)
      if (known) return known.handle
      const page = { handle: { id: byId.length, name, labels }, times: [], values: [] }
      pages.set(key, page)
      byId.push(page)
      return page.handle
    },
    append(at, samples) {
      for (const [handle, value] of samples) write(handle, at, value)
    },
    markStale(at, series) {
      for (const handle of series) write(handle, at, null)
    },
    async select(matchers, { from, to }) {
      return matching(matchers)
        .map((page) => between(page, from, to))
        .filter(({ times }) => times.length > 0)
    },
    async latest(matchers, at, lookbackMs = 300_000) {
      return matching(matchers).flatMap((page): LatestSample[] => {
        const { times, values, ...handle } = between(page, at - lookbackMs + 1, at + 1)
        const last = times.length - 1
        if (last < 0 || isStaleAt(values, last)) return []
        return [{ ...handle, at: times[last] ?? 0, value: values[last] ?? Number.NaN }]
      })
    },
  }
}

function between({ handle, times, values }: Page, from: number, to: number): SelectedSeries {
  const [start, end] = [firstFrom(times, from), firstFrom(times, to)]
  const numbers = new Float64Array(end - start)
  const bits = new BigUint64Array(numbers.buffer)
  for (let index = start; index < end; index++) {
    const value = values[index] ?? null
    if (value === null) bits[index - start] = staleNaNBits
    else numbers[index - start] = value
  }
  return { ...handle, times: Float64Array.from(times.slice(start, end)), values: numbers }
}

/** The place of the first instant that is not before `at`. */
function firstFrom(times: readonly number[], at: number): number {
  let [low, high] = [0, times.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((times[middle] ?? 0) < at) low = middle + 1
    else high = middle
  }
  return low
}
