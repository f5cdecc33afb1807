/**
 * One-time login links for browsers. A link is good once and for ten minutes; making a new one ends the one before, so
 * that only the link on screen works. Links live in memory only: they do not outlast the console that printed them.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Clock } from '#main/ports.ts'

/** Long enough to find the terminal, too short to be found in a log later. */
const loginLinkLifetimeMs = 600_000

export interface LoginKeys {
  /** 256 random bits, base64url. */
  create(): string
  /** Whether this was the living key; it is then used up. */
  redeem(key: string): boolean
  /** Whether a link was made that could still be used. */
  isPending(): boolean
}

export function createLoginKeys(clock: Clock): LoginKeys {
  let living: { readonly hash: Buffer; readonly untilMs: number } | null = null
  const isPending = () => living !== null && clock.monotonicMs() < living.untilMs
  return {
    create() {
      const key = randomBytes(32).toString('base64url')
      living = { hash: hashOf(key), untilMs: clock.monotonicMs() + loginLinkLifetimeMs }
      return key
    },
    redeem(key) {
      if (living === null || !isPending() || !timingSafeEqual(hashOf(key), living.hash)) return false
      living = null
      return true
    },
    isPending,
  }
}

function hashOf(key: string): Buffer {
  return createHash('sha256').update(key).digest()
}
