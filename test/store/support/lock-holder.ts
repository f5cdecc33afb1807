/** A process that takes the lock of the directory it is given, says how that went, and holds it until it is ended. */
import { acquireDataLock } from '#main/store/data-lock.ts'
import { AppError } from '#shared/contract/errors.ts'

const [directory = '', url] = process.argv.slice(2)
try {
  const lock = acquireDataLock(directory, { host: 'headless', since: Date.UTC(2026, 0, 5) })
  if (url) lock.announce(url)
  process.stdout.write('held\n')
  process.stdin.on('end', () => lock.release()).resume()
} catch (error) {
  process.stdout.write(error instanceof AppError ? `${error.code}: ${error.message}\n` : `${String(error)}\n`)
}
