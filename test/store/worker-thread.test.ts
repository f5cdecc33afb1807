import { describe, expect, it, onTestFinished } from 'vitest'
import { startWorker } from '#main/store/worker-thread.ts'
import { AppError } from '#shared/contract/errors.ts'
import { memoryLogger } from '#test/support/ports.ts'
import type { Told, Trades } from './support/worker-of-all-trades.ts'

const entry = new URL('./support/worker-of-all-trades.ts', import.meta.url)

async function start(data: Told | Promise<Told>) {
  const logger = memoryLogger()
  const failures: Error[] = []
  const worker = await startWorker<Trades, string>(entry, data, { logger, onFailure: (error) => failures.push(error) })
  onTestFinished(() => worker.stop())
  return { ...worker, failures, logger }
}

describe('a worker thread', () => {
  it('is ready with what it said, and logs through its starter under its name', async () => {
    const { channel, started, logger } = await start({ start: 'well' })
    expect(started).toBe('started well')
    expect(await channel.call('told', undefined)).toEqual({ start: 'well' })
    expect(logger.lines).toMatchObject([
      { level: 'info', message: 'started', fields: { worker: 'worker-of-all-trades.ts', told: { start: 'well' } } },
    ])
  })

  it('waits for its data', async () => {
    let arrive: (told: Told) => void = () => {}
    const starting = start(
      new Promise((resolve) => {
        arrive = resolve
      }),
    )
    arrive({ start: 'well' })
    expect((await starting).started).toBe('started well')
  })

  it.each([
    ['what it refused with', { start: 'refuse' }, 'The disk is full.'],
    ['what it stumbled over', { start: 'stumble' }, 'not my day'],
    ['the code it ended with', { start: 'exit' }, 'ended by itself with code 7'],
  ] as const)('that does not start tells %s', async (_, data, message) => {
    await expect(start(data)).rejects.toThrow(message)
  })

  it('that gets no data tells what kept it from coming', async () => {
    const data = Promise.reject(new AppError('conflict', 'Another Belfry was first.'))
    await expect(start(data)).rejects.toMatchObject({ code: 'conflict' })
  })

  it.each([
    ['an uncaught error', 'fall', 'fell over'],
    ['an exit', 'exit', 'ended by itself with code 3'],
  ] as const)('that ends by %s rejects all that is asked of it, and its starter hears why', async (_, way, reason) => {
    const { channel, failures } = await start({ start: 'well' })
    const pending = channel.call('hang', undefined)
    channel.post(way, undefined)
    await expect(pending).rejects.toMatchObject({ code: 'unavailable' })
    expect(failures.map(({ message }) => message)).toEqual([expect.stringContaining(reason)])
    await expect(channel.call('told', undefined)).rejects.toMatchObject({ code: 'unavailable' })
  })

  it('that is stopped has not failed', async () => {
    const { channel, stop, failures } = await start({ start: 'well' })
    const pending = channel.call('hang', undefined)
    const stopped = stop()
    await expect(pending).rejects.toMatchObject({ code: 'unavailable', message: 'Belfry is closing.' })
    await stopped
    expect(failures).toEqual([])
  })
})
