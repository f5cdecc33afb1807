/** Samples of every odd kind, the same at every run: counters with resets, gauges, gaps, stale markers, NaN, histograms. */
import { type Labels, type SelectedSeries, staleNaNBits } from '#shared/domain/series.ts'

export const startAt = 1_700_000_000_000
export const minutes = 40
const everyMs = 15_000

/** Source: M. O'Neill's and T. Ettinger's mulberry32. */
export function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

type Value = number | 'stale' | null

interface Shape {
  /** The next value; null leaves the sample out. */
  next(at: number, index: number): Value
  /** Whether samples come at odd instants. */
  readonly isIrregular?: boolean
}

export function samples(): SelectedSeries[] {
  const random = randomFrom(20_230_131)
  const series: SelectedSeries[] = []
  const add = (name: string, labels: Labels, shape: Shape) => {
    const times: number[] = []
    const values: Value[] = []
    for (let index = 0; index <= (minutes * 60_000) / everyMs; index++) {
      const jitterMs = shape.isIrregular ? Math.floor(random() * 14_000) : 0
      const at = startAt + index * everyMs + jitterMs
      const value = shape.next(at, index)
      if (value === null) continue
      times.push(at)
      values.push(value)
    }
    series.push({ id: series.length, name, labels, times: Float64Array.from(times), values: doubles(values) })
  }

  for (const job of ['api', 'web']) {
    for (const instance of ['a', 'b', 'c']) {
      for (const code of ['200', '500']) {
        add('reqs_total', { job, instance, code }, counter(random, { resets: 0.02, gaps: instance === 'c' ? 0.3 : 0 }))
      }
      add('temp', { job, instance }, walk(random, { gaps: instance === 'b' ? 0.2 : 0 }))
      add('limit', { job, instance }, { next: () => 20 + series.length })
      add('info', { job, instance, version: `1.${instance}` }, { next: () => 1 })
      for (const [bucket, le] of ['0.1', '0.5', '1', '5', '+Inf'].entries()) {
        add('lat_bucket', { job, instance, le }, { next: (_at, index) => Math.floor(index * (bucket + 1) ** 1.5) })
      }
    }
    add('jitter_total', { job }, { ...counter(random, { resets: 0.03, gaps: 0.1 }), isIrregular: true })
    add('jitter', { job }, { ...walk(random, { gaps: 0.4 }), isIrregular: true })
  }
  add('odd', { of: 'nan' }, { next: (_at, index) => (index % 7 === 3 ? Number.NaN : index % 11) })
  add('odd', { of: 'inf' }, { next: (_at, index) => (index % 13 === 5 ? Number.POSITIVE_INFINITY : index % 5) })
  add('odd', { of: 'neg' }, { next: (_at, index) => -1.25 * (index % 17) })
  add('odd', { of: 'zero' }, { next: () => 0 })
  add('ending', { n: '1' }, { next: (_at, index) => (index < 40 ? index : index === 40 ? 'stale' : null) })
  add('ending', { n: '2' }, { next: (_at, index) => (index < 50 || index > 90 ? index * 1.5 : null) })
  add('ending', { n: '3' }, { next: (_at, index) => (index % 20 === 9 ? 'stale' : index % 20 < 9 ? index : null) })
  add('turns', { who: 'x' }, { next: (_at, index) => (index < 60 ? 3 : index === 60 ? 'stale' : null) })
  add('turns', { who: 'y' }, { next: (_at, index) => (index > 60 ? 4.5 : null) })
  add('lonely', {}, { next: (_at, index) => 1 + index / 8 })
  const wide = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`label_${index}`, `value ${index} é "\\`]))
  add('wide', { ...wide, side: 'l' }, walk(random, { gaps: 0 }))
  add('wide', { ...wide, side: 'r' }, walk(random, { gaps: 0 }))
  return series
}

function counter(random: () => number, { resets, gaps }: { resets: number; gaps: number }): Shape {
  let value = random() * 100
  return {
    next() {
      value = random() < resets ? random() * 5 : value + random() * 10
      return random() < gaps ? null : value
    },
  }
}

function walk(random: () => number, { gaps }: { gaps: number }): Shape {
  let value = 20 + random() * 10
  return {
    next() {
      value += random() * 2 - 1
      return random() < gaps ? null : value
    },
  }
}

function doubles(values: readonly Value[]): Float64Array {
  const numbers = new Float64Array(values.length)
  const bits = new BigUint64Array(numbers.buffer)
  values.forEach((value, index) => {
    if (value === 'stale') bits[index] = staleNaNBits
    else numbers[index] = value ?? 0
  })
  return numbers
}
