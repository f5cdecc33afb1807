/** The newest sample of each series in memory, so that what is true now is answered without asking a worker. */
import type { SampleBatch } from '#main/store/metrics/messages.ts'
import { isStaleAt } from '#shared/domain/series.ts'
import { createNumberColumn } from './number-column.ts'

export interface NewestSample {
  readonly at: number
  readonly value: number
  /** The series ended here. */
  readonly isStale: boolean
}

export interface NewestSamples {
  /** An older sample than the one that is there changes nothing. */
  put(id: number, at: number, value: number, isStale: boolean): void
  get(id: number): NewestSample | undefined
  restore(batch: SampleBatch): void
}

export function createNewestSamples(): NewestSamples {
  const times = createNumberColumn(Number.NEGATIVE_INFINITY)
  const values = createNumberColumn(Number.NaN)
  const ended = new Set<number>()
  const put = (id: number, at: number, value: number, isStale: boolean) => {
    if (times.get(id) > at) return
    times.set(id, at)
    values.set(id, value)
    if (isStale) ended.add(id)
    else ended.delete(id)
  }
  return {
    put,
    get(id) {
      const at = times.get(id)
      return at === Number.NEGATIVE_INFINITY ? undefined : { at, value: values.get(id), isStale: ended.has(id) }
    },
    restore(batch) {
      batch.ids.forEach((id, i) => {
        put(id, batch.times[i] ?? 0, batch.values[i] ?? Number.NaN, isStaleAt(batch.values, i))
      })
    },
  }
}
