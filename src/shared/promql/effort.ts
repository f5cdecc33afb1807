/**
 * What an evaluation costs: whoever works says how much, and learns when a turn for others is due and when a limit is
 * reached. It knows nothing of time.
 */
import { AppError } from '../contract/errors.ts'
import type { QueryLimits } from './evaluation.ts'

export interface Effort {
  /** Counts elementary operations (some nanoseconds each). True when the step is over: then yield. */
  spend(operations: number): boolean
  /** Counts samples that are read. Throws AppError `too-large` beyond the limit. */
  read(samples: number): void
  /** Throws AppError `too-large` when a part of the expression would have too many values. */
  hold(series: number, steps: number): void
}

/** A step over so many operations takes about a tenth of a millisecond. */
const operationsInStep = 20_000

/** Prometheus's limit of samples, and a fifth of a gigabyte of values. */
export const defaultLimits: QueryLimits = { maxSamples: 50_000_000, maxPoints: 20_000_000 }

export function effortWithin({ maxSamples, maxPoints }: QueryLimits): Effort {
  let spent = 0
  let samplesRead = 0
  return {
    spend(operations) {
      spent += operations
      if (spent < operationsInStep) return false
      spent = 0
      return true
    },
    read(samples) {
      samplesRead += samples
      if (samplesRead <= maxSamples) return
      const message = `the query reads more than ${maxSamples} samples, which is its limit (maxSamples)`
      throw new AppError('too-large', `${message}: ask for a shorter range, fewer series or a longer step`)
    },
    hold(series, steps) {
      if (series * steps <= maxPoints) return
      const message = `a part of the query has ${series} series at ${steps} steps, more than ${maxPoints} values, which is its limit (maxPoints)`
      throw new AppError('too-large', `${message}: ask for a shorter range, fewer series or a longer step`)
    },
  }
}
