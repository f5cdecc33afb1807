/**
 * A worker without memory of its own, such as the reader: one that ends by itself, say over a question too large for
 * it, is replaced by a fresh one. Only the questions it was at are lost. One that keeps falling is given up.
 */
import type { Clock, Logger } from '#main/ports.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { Channel, Methods } from './worker-channel.ts'
import type { RunningWorker } from './worker-thread.ts'

export interface ReplacedWorkerOptions<M extends Methods> {
  /** Starts a worker that tells its end to `onFailure`. */
  readonly start: (onFailure: (error: Error) => void) => Promise<RunningWorker<M, unknown>>
  readonly clock: Clock
  readonly logger: Logger
  /** It fell too often, or could not be started again: everything asked of it is rejected from now on. */
  readonly onFailure: (error: Error) => void
}

/** Resolves when the first worker runs, and rejects when that does not start. */
export async function startReplacedWorker<M extends Methods>({
  start,
  clock,
  logger,
  onFailure,
}: ReplacedWorkerOptions<M>): Promise<Pick<RunningWorker<M, unknown>, 'channel' | 'stop'>> {
  let isStopping = false
  let fallsAtMs: readonly number[] = []
  let current = Promise.resolve(await start(replace))

  function replace(error: Error): void {
    if (isStopping) return
    const nowMs = clock.monotonicMs()
    fallsAtMs = [...fallsAtMs.filter((atMs) => nowMs - atMs < fallsWithinMs), nowMs]
    if (fallsAtMs.length > mostFalls) giveUp(error)
    else startAgain(error)
  }

  function startAgain(error: Error): void {
    logger.error('a worker ended by itself and is replaced', { error })
    current = start(replace)
    current.catch(giveUp)
  }

  function giveUp(error: Error): void {
    const reason = new AppError('unavailable', `A worker of Belfry keeps failing: ${error.message} Restart Belfry.`)
    current = Promise.reject(reason)
    current.catch(() => onFailure(error))
  }

  const channel: Channel<M> = {
    call: async (method, input, options) => (await current).channel.call(method, input, options),
    post(method, input, transfer) {
      current.then(
        (worker) => worker.channel.post(method, input, transfer),
        (error) => logger.error('nothing could be posted to a worker', { method, error }),
      )
    },
  }
  return {
    channel,
    async stop() {
      isStopping = true
      const [worker] = await Promise.allSettled([current])
      if (worker.status === 'fulfilled') await worker.value.stop()
    },
  }
}

/** So many falls within this time are bad luck; one more is not. */
const mostFalls = 3
const fallsWithinMs = 60_000
