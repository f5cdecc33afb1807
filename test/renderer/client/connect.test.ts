import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { AppError } from '#shared/contract/errors.ts'
import type { ClientFrame, Reply } from '#shared/contract/wire.ts'
import { connect } from '../../../src/renderer/client/connect.ts'
import { memoryTransport } from '../../../src/renderer/client/memory-transport.ts'
import type { TransportState } from '../../../src/renderer/client/transport.ts'

/** A client on a server that keeps every frame and answers only when the test says so. */
function open(initial: TransportState = 'open') {
  const frames: ClientFrame[] = []
  const transport = memoryTransport({ onFrame: (frame) => void frames.push(frame) }, initial)
  const client = connect(transport)
  const reply = (id: number, value: Reply) => transport.deliver({ type: 'reply', id, reply: value })
  const calls = () => frames.filter((frame) => frame.type === 'call')
  return { client, transport, frames, calls, reply }
}

const notice = { id: 'n', level: 'info', title: 'T', message: 'M', at: 5, source: null } as const
const settled = () => new Promise<void>((resolve) => setImmediate(resolve))
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'answered',
    (error: unknown) => error instanceof AppError && error.code,
  )

beforeEach(() => {
  vi.stubGlobal('reportError', vi.fn())
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

describe('a call', () => {
  it('resolves to the answer of its own id, whatever the order of the replies', async () => {
    const { client, calls, reply } = open()
    const first = client.call('metrics.names', { prefix: 'a' })
    const second = client.call('metrics.names', { prefix: 'b' })
    await settled()
    const [one, two] = calls()
    reply(two?.id ?? -1, { ok: true, value: ['b1'] })
    reply(one?.id ?? -1, { ok: true, value: ['a1'] })
    expect(await first).toEqual(['a1'])
    expect(await second).toEqual(['b1'])
  })

  it('is refused before it is sent when its input has the wrong shape', async () => {
    const { client, frames } = open()
    await expect(client.call('checks.get', { id: 7 as unknown as string })).rejects.toMatchObject({
      code: 'invalid',
      issues: [{ path: 'id' }],
    })
    await settled()
    expect(frames).toEqual([])
  })

  it('rejects with the server’s code, message and issues', async () => {
    const { client, calls, reply } = open()
    const call = client.call('checks.get', { id: 'x' })
    await settled()
    const issues = [{ path: 'id', message: 'unknown' }]
    reply(calls()[0]?.id ?? -1, { ok: false, code: 'not-found', message: 'There is none.', issues })
    await expect(call).rejects.toMatchObject({ code: 'not-found', message: 'There is none.', issues })
  })

  it('rejects an answer that is not of the contract’s shape', async () => {
    const { client, calls, reply } = open()
    const call = client.call('metrics.names', {})
    await settled()
    reply(calls()[0]?.id ?? -1, { ok: true, value: [1] })
    expect(await codeOf(call)).toBe('invalid')
  })

  it('ends at its deadline and tells the server', async () => {
    vi.useFakeTimers()
    const { client, frames } = open()
    const call = codeOf(client.call('metrics.names', {}, { timeoutMs: 300 }))
    await vi.advanceTimersByTimeAsync(299)
    expect(frames.some(({ type }) => type === 'cancel')).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(await call).toBe('timeout')
    await vi.advanceTimersByTimeAsync(0)
    expect(frames.at(-1)).toMatchObject({ type: 'cancel' })
  })

  it('waits longer where the contract says so', async () => {
    vi.useFakeTimers()
    const { client } = open()
    const call = codeOf(client.call('notify.test', { channel: 'desktop' }))
    const outcome = vi.fn()
    void call.then(outcome)
    await vi.advanceTimersByTimeAsync(29_999)
    expect(outcome).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    expect(outcome).toHaveBeenCalledWith('timeout')
  })

  it('is cancelled by its signal, on both ends', async () => {
    const { client, frames } = open()
    const attempt = new AbortController()
    const call = codeOf(client.call('metrics.names', {}, { signal: attempt.signal }))
    await settled()
    attempt.abort()
    expect(await call).toBe('closed')
    await settled()
    expect(frames.map(({ type }) => type)).toEqual(['call', 'cancel'])
  })

  it('ignores an answer that comes after its end', async () => {
    const { client, calls, reply } = open()
    const attempt = new AbortController()
    const call = codeOf(client.call('metrics.names', {}, { signal: attempt.signal }))
    await settled()
    attempt.abort()
    await call
    reply(calls()[0]?.id ?? -1, { ok: true, value: [] })
    await settled()
    expect(await codeOf(client.call('metrics.names', {}, { signal: attempt.signal }))).toBe('closed')
  })
})

describe('a break', () => {
  it('rejects what was pending, for nobody knows whether it was done', async () => {
    const { client, transport } = open()
    const call = codeOf(client.call('metrics.names', {}))
    transport.setState('connecting')
    expect(await call).toBe('closed')
  })

  it('keeps calls made meanwhile until the connection is back', async () => {
    const { client, transport, calls, reply } = open('connecting')
    const call = client.call('metrics.names', {})
    await settled()
    expect(calls()).toEqual([])
    transport.setState('open')
    await settled()
    reply(calls()[0]?.id ?? -1, { ok: true, value: ['up'] })
    expect(await call).toEqual(['up'])
  })

  it('does not reject calls that were never sent when the attempt to connect fails again', async () => {
    const { client, transport, calls } = open()
    transport.setState('connecting')
    const call = client.call('metrics.names', {})
    const outcome = vi.fn()
    void codeOf(call).then(outcome)
    transport.setState('open')
    await settled()
    expect(outcome).not.toHaveBeenCalled()
    expect(calls()).toHaveLength(1)
  })

  it('subscribes again and asks for a resync once the connection is back', async () => {
    const { client, transport, frames } = open()
    const resync = vi.fn()
    client.onResync(resync)
    client.on('console.noticesChanged', () => {})
    transport.setState('connecting')
    transport.setState('open')
    await settled()
    expect(frames).toEqual([
      { type: 'subscribe', events: ['console.noticesChanged'] },
      { type: 'subscribe', events: ['console.noticesChanged'] },
    ])
    expect(resync).toHaveBeenCalledTimes(1)
  })

  it('without a session rejects at once', async () => {
    const { client } = open('unauthenticated')
    expect(await codeOf(client.call('metrics.names', {}))).toBe('unauthenticated')
  })

  it('by closing rejects what is pending and what comes later', async () => {
    const { client } = open()
    const call = codeOf(client.call('metrics.names', {}))
    client.close()
    expect(await call).toBe('closed')
    expect(await codeOf(client.call('metrics.names', {}))).toBe('closed')
  })
})

describe('an event', () => {
  it('reaches every listener of its name with a parsed payload, until they end', async () => {
    const { client, transport } = open()
    const [stays, goes] = [vi.fn(), vi.fn()]
    client.on('console.noticesChanged', stays)
    const end = client.on('console.noticesChanged', goes)
    transport.deliver({ type: 'event', name: 'console.noticesChanged', payload: [notice] })
    await settled()
    end()
    transport.deliver({ type: 'event', name: 'console.noticesChanged', payload: [] })
    await settled()
    expect(stays.mock.calls).toEqual([[[notice]], [[]]])
    expect(goes.mock.calls).toEqual([[[notice]]])
  })

  it('of a wrong shape is reported and reaches nobody', async () => {
    const { client, transport } = open()
    const listener = vi.fn()
    client.on('console.noticesChanged', listener)
    transport.deliver({ type: 'event', name: 'console.noticesChanged', payload: [{ id: 1 }] })
    await settled()
    expect(listener).not.toHaveBeenCalled()
    expect(reportError).toHaveBeenCalledTimes(1)
  })

  it.each(['__proto__', 'constructor', 'no.such.event'])('named %s is ignored', async (name) => {
    const { client, transport } = open()
    client.on('rules.changed', () => {})
    transport.deliver({ type: 'event', name, payload: {} })
    await settled()
    expect(reportError).not.toHaveBeenCalled()
  })

  it('is unsubscribed with its last listener', async () => {
    const { client, frames } = open()
    const ends = [client.on('rules.changed', () => {}), client.on('rules.changed', () => {})]
    for (const end of ends) end()
    for (const end of ends) end()
    await settled()
    expect(frames).toEqual([
      { type: 'subscribe', events: ['rules.changed'] },
      { type: 'subscribe', events: [] },
    ])
  })

  it('lost by a slow connection leads to a resync', async () => {
    const { client, transport } = open()
    const resync = vi.fn()
    client.onResync(resync)
    transport.deliver({ type: 'resync' })
    await settled()
    expect(resync).toHaveBeenCalledTimes(1)
  })
})
