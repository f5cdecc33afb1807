/** A worker that starts as it is told to and then ends in several ways. */
import { runWorker } from '#main/store/worker-thread.ts'
import { AppError } from '#shared/contract/errors.ts'

export interface Told {
  readonly start: 'well' | 'refuse' | 'stumble' | 'exit'
}

function methods(told: Told) {
  return {
    told: () => told,
    hang: () => new Promise<never>(() => {}),
    fall: () =>
      void setImmediate(() => {
        throw new Error('fell over')
      }),
    exit: () => process.exit(3),
  }
}

export type Trades = ReturnType<typeof methods>

await runWorker(async (data, logger) => {
  const told = data as Told
  if (told.start === 'refuse') throw new AppError('unavailable', 'The disk is full.')
  if (told.start === 'stumble') throw new TypeError('not my day')
  if (told.start === 'exit') process.exit(7)
  logger.info('started', { told })
  return { methods: methods(told), started: `started ${told.start}` }
})
