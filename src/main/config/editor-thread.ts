/**
 * A config editor in a thread of its own: started by the first edit, ended when none has come for a while, since a
 * configuration is seldom edited and a thread has a heap. One that ends by itself is replaced by the next edit.
 */
import type { Logger, Timers } from '#main/ports.ts'
import { type RunningWorker, startWorker } from '#main/store/worker-thread.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { ConfigEditor } from './config-editor.ts'
import type { ConfigMethods } from './config-worker.ts'

const endAfterMs = 60_000

type Thread = Promise<RunningWorker<ConfigMethods, null>>

export function startConfigEditor({ logger, timers }: { logger: Logger; timers: Timers }): ConfigEditor & {
  /** Rejects what is under way and everything asked later. */
  close(): Promise<void>
} {
  let thread: Thread | null = null
  let asked = 0
  let stopIdle: (() => void) | null = null
  let closed = false

  function started(): Thread {
    if (thread !== null) return thread
    const forget = () => {
      if (thread === starting) thread = null
    }
    const starting: Thread = startWorker<ConfigMethods, null>('config-worker', null, {
      logger,
      onFailure(error) {
        logger.error('the editor of the configuration ended by itself; the next edit starts another', { error })
        forget()
      },
    })
    starting.catch(forget) // Whoever asked hears of it.
    thread = starting
    return starting
  }

  async function ended(): Promise<void> {
    const ending = thread
    thread = null
    if (ending === null) return
    const [worker] = await Promise.allSettled([ending])
    if (worker.status === 'fulfilled') await worker.value.stop()
  }

  async function using<T>(ask: (worker: RunningWorker<ConfigMethods, null>) => Promise<T>): Promise<T> {
    if (closed) throw new AppError('unavailable', 'Belfry is closing.')
    stopIdle?.()
    asked++
    try {
      return await ask(await started())
    } finally {
      asked--
      if (asked === 0 && !closed) stopIdle = timers.after(endAfterMs, () => void ended())
    }
  }

  return {
    read: (input) => using(({ channel }) => channel.call('config.read', input)),
    edit: (input) => using(({ channel }) => channel.call('config.edit', input)),
    async close() {
      closed = true
      stopIdle?.()
      await ended()
    },
  }
}
