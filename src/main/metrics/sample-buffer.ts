/** Samples on their way to the storage worker, in order of arrival, in columns that can be sent as they are. */
import type { SampleBatch } from '#main/store/metrics/messages.ts'
import { staleNaNBits } from '#shared/domain/series.ts'

export interface SampleBuffer {
  push(id: number, at: number, value: number): void
  /** Pushes Prometheus's stale marker: its bits would not survive as a number. */
  pushStale(id: number, at: number): void
  size(): number
  /** All samples so far; the buffer is empty then. */
  take(): SampleBatch
}

export function createSampleBuffer(): SampleBuffer {
  let ids = new Uint32Array(1024)
  let times = new Float64Array(1024)
  let values = new Float64Array(1024)
  let bits = new BigUint64Array(values.buffer)
  let size = 0

  const reserve = () => {
    if (size < ids.length) return
    const [moreIds, moreTimes, moreValues] = [
      new Uint32Array(size * 2),
      new Float64Array(size * 2),
      new Float64Array(size * 2),
    ]
    moreIds.set(ids)
    moreTimes.set(times)
    moreValues.set(values)
    ;[ids, times, values, bits] = [moreIds, moreTimes, moreValues, new BigUint64Array(moreValues.buffer)]
  }

  return {
    push(id, at, value) {
      reserve()
      ids[size] = id
      times[size] = at
      values[size++] = value
    },
    pushStale(id, at) {
      reserve()
      ids[size] = id
      times[size] = at
      bits[size++] = staleNaNBits
    },
    size: () => size,
    take() {
      const taken = { ids: ids.slice(0, size), times: times.slice(0, size), values: values.slice(0, size) }
      size = 0
      return taken
    },
  }
}
