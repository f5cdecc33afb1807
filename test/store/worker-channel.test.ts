import { MessageChannel } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type Channel,
  channelLogger,
  connectChannel,
  type Methods,
  moving,
  serveChannel,
} from '#main/store/worker-channel.ts'
import { AppError } from '#shared/contract/errors.ts'
import { memoryLogger } from '#test/support/ports.ts'

const opened: MessageChannel[] = []
let logger = memoryLogger()
beforeEach(() => {
  logger = memoryLogger()
})
afterEach(() => {
  for (const { port1, port2 } of opened.splice(0)) {
    port1.close()
    port2.close()
  }
})

/** Both ends in one thread: the same ports a worker has. */
function connected<M extends Methods>(methods: M): ReturnType<typeof connectChannel<M>> {
  const pair = new MessageChannel()
  opened.push(pair)
  serveChannel(pair.port2, methods)
  return connectChannel<M>(pair.port1, logger)
}

describe('a channel to a worker', () => {
  it('answers each call with what its method returned, at once or later', async () => {
    const channel = connected({
      double: (value: number) => value * 2,
      later: async (text: string) => `${text}, later`,
    })
    expect(
      await Promise.all([channel.call('double', 21), channel.call('later', 'yes'), channel.call('double', 4)]),
    ).toEqual([42, 'yes, later', 8])
  })

  it('lets a call see every post and call sent before it', async () => {
    const seen: number[] = []
    const channel = connected({ add: (value: number) => void seen.push(value), all: () => [...seen] })
    for (let value = 0; value < 3000; value++) {
      if (value % 3 === 0) void channel.call('add', value)
      else channel.post('add', value)
    }
    expect(await channel.call('all', undefined)).toEqual(Array.from({ length: 3000 }, (_, value) => value))
  })

  it('carries an AppError over with its code, message and issues', async () => {
    const channel = connected({
      refuse: (): never => {
        throw new AppError('conflict', 'It changed meanwhile.', [{ path: 'name', message: 'taken' }])
      },
      refuseLater: async (): Promise<never> => Promise.reject(new AppError('too-large', 'Ask for less.')),
    })
    const refusal = await channel.call('refuse', undefined).catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(AppError)
    expect(refusal).toMatchObject({
      code: 'conflict',
      message: 'It changed meanwhile.',
      issues: [{ path: 'name', message: 'taken' }],
    })
    await expect(channel.call('refuseLater', undefined)).rejects.toMatchObject({ code: 'too-large' })
  })

  it('tells a bug as an unexpected failure whose cause has the worker stack and the causes below it', async () => {
    const channel = connected({
      stumble: (): never => {
        throw new TypeError('no such thing', { cause: new Error('the root') })
      },
    })
    const failure = await channel.call('stumble', undefined).catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(Error)
    expect(failure).not.toBeInstanceOf(AppError)
    const { message, cause } = failure as Error & { cause: Error }
    expect(message).toContain('"stumble": no such thing')
    expect(cause.name).toBe('TypeError')
    expect(cause.stack).toContain('worker-channel.test.ts')
    expect(cause.stack).toContain('Caused by: Error: the root')
  })

  it('knows only the methods it was given, and none that every object has', async () => {
    const channel: Channel = connected({})
    for (const name of ['missing', '__proto__', 'constructor', 'toString']) {
      await expect(channel.call(name, null)).rejects.toThrow(`no method "${name}"`)
    }
  })

  it('fails a call whose input or answer cannot cross', async () => {
    const channel = connected({ give: () => () => 'a function', take: (_: unknown) => 1 })
    await expect(channel.call('give', undefined)).rejects.toThrow('could not be cloned')
    await expect(channel.call('take', () => 1)).rejects.toThrow('could not be cloned')
    expect(await channel.call('take', 'text')).toBe(1)
  })

  it('logs what a post failed at, for nobody waits for it', async () => {
    const channel = connected({
      fall: (): never => {
        throw new Error('down')
      },
      ping: () => 'pong',
    })
    channel.post('fall', undefined)
    await channel.call('ping', undefined)
    expect(logger.lines).toMatchObject([{ level: 'error', fields: { method: 'fall' } }])
  })

  it('moves buffers both ways instead of copying them', async () => {
    const channel = connected({
      square(values: Float64Array<ArrayBuffer>) {
        const squares = values.map((value) => value * value)
        return moving({ squares, sameBuffer: values.buffer.byteLength }, [squares.buffer])
      },
    })
    const values = new Float64Array([1, 2, 3])
    const { squares } = await channel.call('square', values, { transfer: [values.buffer] })
    expect([...squares]).toEqual([1, 4, 9])
    expect(values.byteLength).toBe(0)
  })

  it('lets a cancel overtake a call that has not begun, and aborts one that has', async () => {
    const begun: string[] = []
    const aborted: string[] = []
    const channel = connected({
      work(name: string, signal: AbortSignal) {
        begun.push(name)
        return new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            aborted.push(name)
            resolve(null)
          })
        })
      },
      ping: () => 'pong',
    })
    const first = new AbortController()
    const running = channel.call('work', 'running', { signal: first.signal })
    await channel.call('ping', undefined)
    const second = new AbortController()
    const waiting = channel.call('work', 'waiting', { signal: second.signal })
    first.abort(new Error('enough'))
    second.abort(new Error('never mind'))
    await expect(running).rejects.toThrow('enough')
    await expect(waiting).rejects.toThrow('never mind')
    await channel.call('ping', undefined)
    expect(begun).toEqual(['running'])
    expect(aborted).toEqual(['running'])
  })

  it('sends nothing for a signal that is aborted already', async () => {
    const channel = connected({ work: () => expect.unreachable() })
    await expect(channel.call('work', undefined, { signal: AbortSignal.abort(new Error('too late')) })).rejects.toThrow(
      'too late',
    )
  })

  it('rejects what is pending and all that follows once it has ended', async () => {
    const channel = connected({ hang: () => new Promise(() => {}) })
    const pending = channel.call('hang', undefined)
    channel.end(new AppError('unavailable', 'The worker has ended.'))
    await expect(pending).rejects.toMatchObject({ code: 'unavailable' })
    await expect(channel.call('hang', undefined)).rejects.toMatchObject({ code: 'unavailable' })
    expect(() => channel.post('hang', undefined)).toThrow('The worker has ended.')
  })

  it('writes a worker log through the main logger, with the fields of its children', async () => {
    const pair = new MessageChannel()
    opened.push(pair)
    const workerLog = channelLogger(pair.port2, { part: 'store' }).child({ file: 'belfry.db' })
    serveChannel(pair.port2, {
      work() {
        workerLog.warn('slow', { durationMs: 12 })
        workerLog.error('odd', { value: () => 'cannot cross' })
      },
    })
    await connectChannel(pair.port1, logger).call('work', undefined)
    const base = { part: 'store', file: 'belfry.db' }
    expect(logger.lines).toEqual([
      { level: 'warn', message: 'slow', fields: { ...base, durationMs: 12 } },
      { level: 'error', message: 'odd', fields: { ...base, fields: '{ value: [Function: value] }' } },
    ])
  })
})
