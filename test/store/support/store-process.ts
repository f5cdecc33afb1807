/** A process that opens the store in a directory and reports what came of it, one JSON object a line. */
import { systemClock } from '#main/adapters/clock.ts'
import { openStore } from '#main/store/open-store.ts'
import { AppError } from '#shared/contract/errors.ts'
import { memoryLogger } from '#test/support/ports.ts'

const [directory = '', action = 'close'] = process.argv.slice(2)
const say = (message: unknown) => process.stdout.write(`${JSON.stringify(message)}\n`)
const told = (error: unknown) =>
  error instanceof AppError ? { code: error.code, message: error.message } : { code: null, message: String(error) }

try {
  const store = await openStore({ directory, host: 'headless', logger: memoryLogger(), clock: systemClock })
  say({ opened: store.startReport.created })
  if (action === 'fill') {
    const detail = { text: 'x'.repeat(50_000) }
    for (let at = 1; at < 200; at++) {
      try {
        await store.state.commit([['audit.append', { at, actor: 'test', action: 'fill', subject: '', detail }]])
      } catch (error) {
        say({ at, ...told(error), kept: await store.state.ask('audit.verify', {}) })
        break
      }
    }
  }
  await store.close()
  say({ closed: true })
} catch (error) {
  say(told(error))
}
