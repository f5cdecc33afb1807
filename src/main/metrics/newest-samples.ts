/** The newest sample of each series in memory, so that what is true now is answered without asking a worker. */
import type { SampleBatch } from '#main/store/metrics/messages.ts'
import { isStaleAt } from '#shared/domain/series.ts'

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
  const times: number[] = []
  const values: number[] = []
  const stale: boolean[] = []
  const put = (id: number, at: number, value: number, isStale: boolean) => {
    const before = times[id]
    if (before !== undefined && before > at) return
    times[id] = at
    values[id] = value
    stale[id] = isStale
  }
  return {
    put,
    get(id) {
      const at = times[id]
      return at === undefined ? undefined : { at, value: values[id] ?? Number.NaN, isStale: stale[id] === true }
    },
    restore(batch) {
      batch.ids.forEach((id, i) => {
        put(id, batch.times[i] ?? 0, batch.values[i] ?? Number.NaN, isStaleAt(batch.values, i))
      })
    },
  }
}
