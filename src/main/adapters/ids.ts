import { randomBytes } from 'node:crypto'
import type { Clock, Ids, Random } from '../ports.ts'

/** Asking for random bytes costs more than the rest of an id: they are fetched for as many at once. */
const idsAtOnce = 256

/** UUID version 7: 48 bits of milliseconds, then random bits. Source: RFC 9562, section 5.7. */
export function timeOrderedIds(clock: Clock): Ids {
  let pool = Buffer.alloc(0)
  return {
    next() {
      if (pool.length === 0) pool = randomBytes(16 * idsAtOnce)
      const bytes = pool.subarray(0, 16)
      pool = pool.subarray(16)
      bytes.writeUIntBE(clock.now(), 0, 6)
      bytes[6] = ((bytes[6] as number) & 0x0f) | 0x70
      bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
      const hex = bytes.toString('hex')
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
    },
  }
}

export const systemRandom: Random = { next: () => Math.random() }
