/** How late runs begin: a histogram of 5 % wide buckets, so that a million runs a minute cost a counter each. */

export interface LatenessTold {
  readonly p99Ms: number
  readonly maxMs: number
  readonly runs: number
}

export interface Lateness {
  add(lateMs: number): void
  /** Of all runs since the last call; null when there were none. */
  take(): LatenessTold | null
}

const growth = Math.log(1.05)
/** Lateness below is told as zero, 0.05 ms. */
const finestMs = 0.05

export function createLateness(): Lateness {
  let counts: number[] = []
  let runs = 0
  let maxMs = 0
  return {
    add(lateMs) {
      const bucket = lateMs <= finestMs ? 0 : Math.ceil(Math.log(lateMs / finestMs) / growth)
      counts[bucket] = (counts[bucket] ?? 0) + 1
      runs++
      maxMs = Math.max(maxMs, lateMs)
    },
    take() {
      if (runs === 0) return null
      let bucket = 0
      for (let seen = counts[0] ?? 0; seen < 0.99 * runs; seen += counts[bucket] ?? 0) bucket++
      const told = { p99Ms: Math.min(maxMs, finestMs * Math.exp(bucket * growth)), maxMs, runs }
      counts = []
      runs = 0
      maxMs = 0
      return told
    },
  }
}
