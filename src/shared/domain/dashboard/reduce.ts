/** From a series to the one number that a stat, a gauge, a bar or a legend shows. */
import type { Reducer } from './values.ts'

/** Null where nothing was observed: null and NaN are no observations. `count` of nothing is 0. */
export function reduceSeries(values: Iterable<number | null>, how: Reducer): number | null {
  const seen: number[] = []
  for (const value of values) if (value !== null && !Number.isNaN(value)) seen.push(value)
  if (how === 'count') return seen.length
  const [first, last] = [seen[0], seen.at(-1)]
  if (first === undefined || last === undefined) return null
  switch (how) {
    case 'last':
      return last
    case 'first':
      return first
    case 'min':
      return least(seen)
    case 'max':
      return greatest(seen)
    case 'sum':
      return sum(seen)
    case 'avg':
      return sum(seen) / seen.length
    case 'range':
      return greatest(seen) - least(seen)
    case 'change':
      return last - first
    case 'median': {
      const ascending = seen.toSorted((a, b) => a - b)
      const middle = ascending.length >> 1
      const upper = ascending[middle] ?? 0
      return ascending.length % 2 === 1 ? upper : ((ascending[middle - 1] ?? 0) + upper) / 2
    }
  }
}

/** As legends head their columns. */
export const reducerWords: Readonly<Record<Reducer, string>> = {
  last: 'Last',
  first: 'First',
  min: 'Min',
  max: 'Max',
  avg: 'Mean',
  sum: 'Sum',
  count: 'Count',
  range: 'Range',
  change: 'Change',
  median: 'Median',
}

// Spreading a long series into Math.min would exhaust the stack.
const least = (values: readonly number[]) => values.reduce((a, b) => Math.min(a, b))
const greatest = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, b))
const sum = (values: readonly number[]) => values.reduce((a, b) => a + b, 0)
