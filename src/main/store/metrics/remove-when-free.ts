/**
 * Removes a file that nothing names any more. Windows keeps a file that the reader has open; it stays then, and is found
 * again by the next round of retention, when the reader has let go of it.
 */
import { rmSync } from 'node:fs'
import { systemErrorCode } from '#main/files/system-error.ts'

/** False when somebody has the file open. `remove` is the system's, or a test's. */
export function removeWhenFree(path: string, remove: typeof rmSync = rmSync): boolean {
  try {
    remove(path, { force: true })
    return true
  } catch (error) {
    if (!heldCodes.has(systemErrorCode(error) ?? '')) throw error
    return false
  }
}

/** What Windows answers for files that somebody has open. */
const heldCodes = new Set(['EBUSY', 'EPERM'])
