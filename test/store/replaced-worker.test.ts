import { describe, expect, it, onTestFinished } from 'vitest'
import { startReplacedWorker } from '#main/store/replaced-worker.ts'
import { startWorker } from '#main/store/worker-thread.ts'
import { fakeTime } from '#test/support/fake-time.ts'
import { memoryLogger } from '#test/support/ports.ts'
import type { Trades } from './support/worker-of-all-trades.ts'

const entry = new URL('./support/worker-of-all-trades.ts', import.meta.url)

async function started(options: { canRestart?: boolean } = {}) {
  const { canRestart = true } = options
  const time = fakeTime()
  const logger = memoryLogger()
  const failures: Error[] = []
  let starts = 0
  const worker = await startReplacedWorker<Trades>({
    start(onFailure) {
      const start = ++starts === 1 || canRestart ? 'well' : 'stumble'
      return startWorker<Trades, string>(entry, { start }, { logger, onFailure })
    },
    clock: time.clock,
    logger,
    onFailure: (error) => failures.push(error),
  })
  onTestFinished(() => worker.stop())
  const fall = () => worker.channel.call('exit', undefined).catch((error: unknown) => error)
  return { ...worker, fall, time, failures, starts: () => starts }
}

describe('a replaced worker', () => {
  it('loses the questions it was at when it falls, and answers the next ones', async () => {
    const { channel, starts, failures } = await started()
    const pending = channel.call('hang', undefined)
    channel.post('fall', undefined)
    await expect(pending).rejects.toMatchObject({ code: 'unavailable' })
    expect(await channel.call('told', undefined)).toEqual({ start: 'well' })
    expect(starts()).toBe(2)
    expect(failures).toEqual([])
  })

  it('is given up when it falls a fourth time within a minute', async () => {
    const { channel, fall, failures, starts } = await started()
    for (let count = 0; count < 3; count++) await fall()
    expect(await channel.call('told', undefined)).toEqual({ start: 'well' })
    await fall()
    await expect(channel.call('told', undefined)).rejects.toMatchObject({ code: 'unavailable' })
    expect(failures.map(({ message }) => message)).toEqual([expect.stringContaining('code 3')])
    expect(starts()).toBe(4)
  })

  it('may fall now and then for ever', async () => {
    const { channel, fall, time, failures } = await started()
    for (let count = 0; count < 5; count++) {
      await fall()
      await time.advance(30_000)
    }
    expect(await channel.call('told', undefined)).toEqual({ start: 'well' })
    expect(failures).toEqual([])
  })

  it('is given up when it cannot be started again', async () => {
    const { channel, fall, failures } = await started({ canRestart: false })
    await fall()
    await expect(channel.call('told', undefined)).rejects.toThrow('not my day')
    await expect(channel.call('told', undefined)).rejects.toMatchObject({ code: 'unavailable' })
    expect(failures).toHaveLength(1)
  })

  it('stays ended when it was stopped', async () => {
    const { channel, stop, starts, failures } = await started()
    await stop()
    await expect(channel.call('told', undefined)).rejects.toMatchObject({ code: 'unavailable' })
    expect(starts()).toBe(1)
    expect(failures).toEqual([])
  })
})
