import { describe, expect, it } from 'vitest'
import { retryDelayMs } from '#shared/domain/backoff.ts'

describe('backoff', () => {
  it.each([
    [1, 0.5, null, 5000],
    [2, 0.5, null, 7500],
    [3, 0.5, null, 11_250],
    [100, 0.5, null, 300_000],
    [1, 0, null, 4500],
    [1, 0.999_999_9, null, 5500],
    [1, 0.5, 60_000, 60_000],
    [100, 0.5, 1000, 300_000],
  ])('after %d failures with chance %d and Retry-After %s waits %d ms', (failures, chance, retryAfterMs, delayMs) => {
    expect(retryDelayMs(failures, chance, retryAfterMs)).toBe(delayMs)
  })
})
