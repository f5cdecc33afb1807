/** Secrets for coming in: 256 random bits, of which only the SHA-256 is stored. So much chance needs no slow hash. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** `prefix` lets people and secret scanners recognise it. */
export function newSecret(prefix: string): string {
  return prefix + randomBytes(32).toString('base64url')
}

/** Hexadecimal. */
export function hashOfSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

/** The row of this secret. Compares with every row, each in constant time, so that timing tells nothing. */
export function findByHash<T>(rows: Iterable<T>, hash: (row: T) => string, secret: string): T | null {
  const wanted = Buffer.from(hashOfSecret(secret), 'hex')
  let found: T | null = null
  for (const row of rows) {
    const stored = Buffer.from(hash(row), 'hex')
    if (stored.length === wanted.length && timingSafeEqual(stored, wanted)) found = row
  }
  return found
}
