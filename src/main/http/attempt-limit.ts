/** Failed logins per address. Only failures count, so whoever holds a valid credential is never locked out. */
import type { Clock } from '#main/ports.ts'
import { AppError } from '#shared/contract/errors.ts'

export interface AttemptLimit {
  /** Counts a failure. AppError `too-many` when the address has had too many. */
  fail(address: string): void
}

const maxFailures = 10
const windowMs = 60_000
/** More addresses than this at once are not told apart: memory is bounded, and the flood is one. */
const maxAddresses = 1000

export function createAttemptLimit(clock: Clock): AttemptLimit {
  const failures = new Map<string, { count: number; readonly sinceMs: number }>()
  return {
    fail(address) {
      const nowMs = clock.monotonicMs()
      for (const [key, entry] of failures) if (nowMs - entry.sinceMs >= windowMs) failures.delete(key)
      const key = failures.has(address) || failures.size < maxAddresses ? address : 'the rest'
      const entry = failures.get(key) ?? { count: 0, sinceMs: nowMs }
      entry.count++
      failures.set(key, entry)
      if (entry.count > maxFailures) {
        const waitMs = entry.sinceMs + windowMs - nowMs
        throw new AppError('too-many', `Too many failed logins; try again in ${Math.ceil(waitMs / 1000)} s.`)
      }
    },
  }
}
