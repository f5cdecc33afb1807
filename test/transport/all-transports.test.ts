/** One suite over every transport: what a screen may rely on does not depend on how it is connected. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { defaultLimits } from '#main/transport/connection.ts'
import { defaultCallTimeoutMs } from '#main/transport/deadlines.ts'
import { maxJsonDepth } from '#main/transport/json-text.ts'
import type { AbortSignalLike } from '#shared/contract/define.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { BelfryHandlers } from '#shared/contract/index.ts'
import { maxFrameBytes } from '#shared/contract/wire.ts'
import { checkView } from '#test/support/sample-views.ts'
import { type StubConsole, stubConsole } from '#test/support/stub-console.ts'
import type { Client } from '../../src/renderer/client/connect.ts'
import { ipcWire, memoryWire, type Wire, webSocketWire } from './wires.ts'

vi.mock('electron', () => import('#test/electron/simulation/electron.ts'))

const wires = [
  ['memory', memoryWire],
  ['websocket', webSocketWire],
  ['electron ipc (simulated)', ipcWire],
] as const

describe.each(wires)('over %s', (_name, open) => {
  let console: StubConsole
  let wire: Wire
  const aborted: string[] = []

  const handlers: Partial<BelfryHandlers> = {
    'checks.list': () => [checkView()],
    'checks.get'({ id }, { caller }) {
      if (id === 'who') return checkView({ id, name: caller.name })
      if (id === 'bug') throw new Error('a secret of the inside')
      throw new AppError('not-found', `There is no check "${id}".`, [{ path: 'id', message: 'unknown' }])
    },
    'checks.guess': ({ text }) => ({ ...draft, name: text }),
    'checks.run': ({ id }, { signal }) => untilAborted(id, signal),
    'console.health': (_input, { signal }) => untilAborted('console.health', signal),
  }

  /** Never answers by itself. */
  function untilAborted(what: string, signal: AbortSignalLike): Promise<never> {
    return new Promise((_resolve, reject) =>
      signal.addEventListener('abort', () => {
        aborted.push(what)
        reject(new Error('aborted'))
      }),
    )
  }

  beforeEach(async () => {
    aborted.length = 0
    console = await stubConsole(handlers)
    wire = await open(console)
  })
  afterEach(async () => {
    await wire.close()
    console.close()
  })

  it('answers a call with the handler’s value', async () => {
    const client = await wire.client()
    expect(await client.call('checks.list', {})).toEqual([checkView()])
  })

  it('answers many calls at once, each with its own answer', async () => {
    const client = await wire.client()
    const names = Array.from({ length: 50 }, (_, index) => `check ${index}`)
    const drafts = await Promise.all(names.map((text) => client.call('checks.guess', { text })))
    expect(drafts.map((answer) => answer.name)).toEqual(names)
  })

  it('carries a failure’s code, message and issues', async () => {
    const client = await wire.client()
    await expect(client.call('checks.get', { id: 'gone' })).rejects.toMatchObject({
      code: 'not-found',
      message: 'There is no check "gone".',
      issues: [{ path: 'id', message: 'unknown' }],
    })
  })

  it('tells a bug as internal, without its cause, and logs the cause', async () => {
    const client = await wire.client()
    const failure = await client.call('checks.get', { id: 'bug' }).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'internal' })
    expect(String(failure)).not.toContain('secret of the inside')
    const line = console.ports.logger.lines.find((entry) => entry.level === 'error')
    expect(String(line?.fields['error'])).toContain('secret of the inside')
  })

  it('refuses input of the wrong shape and names what is wrong', async () => {
    const bare = await wire.bare()
    bare.send(JSON.stringify({ type: 'call', id: 1, name: 'checks.get', input: { id: 7, extra: true } }))
    expect(await bare.next()).toMatchObject({
      type: 'reply',
      id: 1,
      reply: {
        ok: false,
        code: 'invalid',
        issues: expect.arrayContaining([{ path: 'id', message: expect.any(String) }]),
      },
    })
  })

  it.each(['nothing.there', '__proto__', 'constructor', 'toString', ''])('knows no call named "%s"', async (name) => {
    const bare = await wire.bare()
    bare.send(JSON.stringify({ type: 'call', id: 1, name, input: {} }))
    expect(await bare.next()).toMatchObject({ type: 'reply', id: 1, reply: { ok: false, code: 'not-found' } })
  })

  it('lets a role do what it may and no more', async () => {
    const client = await wire.client()
    const made = client.call('tokens.list', {})
    // No handler: who is let in meets a bug, who is not learns that only.
    await expect(made).rejects.toMatchObject({ code: wire.role === 'admin' ? 'internal' : 'forbidden' })
  })

  it('carries text and numbers unchanged', async () => {
    const client = await wire.client()
    const text = 'Ünïcode 🛎 "quoted" \\ \u2028 \0 end'
    expect(await client.call('checks.guess', { text })).toEqual({ ...draft, name: text })
  })

  it.each([
    ['no JSON', 'hello'],
    ['an unknown type', '{"type":"shout"}'],
    ['an extra field', '{"type":"ping","loud":true}'],
    ['a list', '[]'],
    ['null', 'null'],
    ['a key named __proto__', '{"type":"call","id":1,"name":"checks.list","input":{"__proto__":{"admin":true}}}'],
    ['nesting without end', `{"type":"call","id":1,"name":"checks.list","input":${deep(100_000)}}`],
    ['nesting one too deep', `{"type":"call","id":1,"name":"checks.list","input":${deep(maxJsonDepth + 1)}}`],
  ])('refuses a frame that is %s, and goes on', async (_what, text) => {
    const bare = await wire.bare()
    bare.send(text)
    expect(await bare.next()).toMatchObject({ type: 'refused', code: 'invalid' })
    bare.send('{"type":"ping"}')
    expect(await bare.next()).toEqual({ type: 'pong' })
  })

  it('takes input nested as deep as it may', async () => {
    const bare = await wire.bare()
    bare.send(`{"type":"call","id":1,"name":"checks.list","input":${deep(maxJsonDepth)}}`)
    expect(await bare.next()).toMatchObject({ type: 'reply', reply: { ok: false, code: 'invalid' } })
  })

  it('ends the connection at a frame beyond the largest size', async () => {
    const bare = await wire.bare()
    bare.send(JSON.stringify({ type: 'call', id: 1, name: 'checks.run', input: { id: 'slow' } }))
    bare.send(JSON.stringify({ type: 'call', id: 2, name: 'checks.guess', input: { text: 'x'.repeat(maxFrameBytes) } }))
    await vi.waitFor(() => expect(aborted).toEqual(['slow']))
  })

  it('tells a call that is too large to be sent as such, and the connection goes on', async () => {
    const client = await wire.client()
    const text = 'x'.repeat(maxFrameBytes)
    const config = { text }
    const save = client.call('checks.try', { draft: { ...draft, name: 'Site', config } })
    await expect(save).rejects.toMatchObject({ code: 'too-large' })
    expect(await client.call('checks.list', {})).toHaveLength(1)
  })

  it('refuses a second call under an id that is still being answered', async () => {
    const bare = await wire.bare()
    bare.send(JSON.stringify({ type: 'call', id: 1, name: 'checks.run', input: { id: 'slow' } }))
    bare.send(JSON.stringify({ type: 'call', id: 1, name: 'checks.list', input: {} }))
    expect(await bare.next()).toMatchObject({ type: 'refused', code: 'conflict' })
  })

  it('refuses more calls at once than its limit', async () => {
    const bare = await wire.bare()
    const { maxCallsInFlight } = defaultLimits
    for (let id = 0; id <= maxCallsInFlight; id++) {
      bare.send(JSON.stringify({ type: 'call', id, name: 'checks.run', input: { id: 'slow' } }))
    }
    expect(await bare.next()).toMatchObject({ id: maxCallsInFlight, reply: { ok: false, code: 'too-many' } })
  })

  it('takes a frame of the largest size', async () => {
    const bare = await wire.bare()
    const frame = JSON.stringify({ type: 'call', id: 1, name: 'checks.guess', input: { text: '' } })
    bare.send(frame.replace('""', `"${'x'.repeat(maxFrameBytes - frame.length)}"`))
    expect(await bare.next()).toMatchObject({ type: 'reply', id: 1, reply: { ok: false, code: 'invalid' } })
  })

  it('gives up a call at its deadline, and aborts its handler', async () => {
    const bare = await wire.bare()
    bare.send(JSON.stringify({ type: 'call', id: 1, name: 'console.health', input: {} }))
    bare.send('{"type":"ping"}')
    expect(await bare.next()).toEqual({ type: 'pong' })
    await console.ports.time.advance(defaultCallTimeoutMs)
    expect(await bare.next()).toMatchObject({ id: 1, reply: { ok: false, code: 'timeout' } })
    expect(aborted).toEqual(['console.health'])
  })

  it('aborts the handler of a cancelled call, which is no bug', async () => {
    const client = await wire.client()
    const cancel = new AbortController()
    const call = client.call('checks.run', { id: 'slow' }, { signal: cancel.signal })
    await client.call('checks.list', {})
    cancel.abort()
    await expect(call).rejects.toMatchObject({ code: 'closed' })
    await client.call('checks.list', {})
    expect(aborted).toEqual(['slow'])
    expect(console.ports.logger.lines.filter((line) => line.level === 'error')).toEqual([])
  })

  it('aborts what is in flight when the connection goes away', async () => {
    const client = await wire.client()
    const pending = client.call('checks.run', { id: 'slow' }).catch((error: unknown) => error)
    await client.call('checks.list', {})
    await wire.cut()
    await vi.waitFor(() => expect(aborted).toEqual(['slow']))
    client.close()
    expect(await pending).toMatchObject({ code: 'closed' })
  })

  describe('events', () => {
    /** Has the subscription been taken? A question asked after it is answered after it. */
    async function subscribed(client: Client) {
      await client.call('checks.list', {})
    }
    const tick = () => console.ports.time.advance(defaultLimits.tickMs)

    it('reach whoever subscribed, and nobody else', async () => {
      const client = await wire.client()
      const heard: string[] = []
      client.on('checks.changed', (check) => void heard.push(`changed ${check.id}`))
      await subscribed(client)
      console.events.emit('checks.removed', { id: 'other' })
      console.events.emit('checks.changed', checkView())
      await tick()
      await vi.waitFor(() => expect(heard).toEqual(['changed site']))
    })

    it('nobody subscribed to do not cross the wire', async () => {
      const bare = await wire.bare()
      bare.send('{"type":"subscribe","events":["checks.changed"]}')
      bare.send('{"type":"ping"}')
      expect(await bare.next()).toEqual({ type: 'pong' })
      console.events.emit('checks.removed', { id: 'other' })
      console.events.emit('checks.changed', checkView())
      await tick()
      expect(await bare.next()).toMatchObject({ type: 'event', name: 'checks.changed' })
    })

    it('of one thing within a tick are told once, as it is last', async () => {
      const client = await wire.client()
      const heard: string[] = []
      client.on('checks.changed', (check) => void heard.push(`${check.id} ${check.state}`))
      client.on('checks.removed', ({ id }) => void heard.push(`${id} removed`))
      await subscribed(client)
      console.events.emit('checks.changed', checkView({ state: 'down' }))
      console.events.emit('checks.changed', checkView({ id: 'second' }))
      console.events.emit('checks.removed', { id: 'site' })
      console.events.emit('checks.changed', checkView({ state: 'up' }))
      await tick()
      await vi.waitFor(() => expect(heard).toEqual(['second up', 'site removed', 'site up']))
    })

    it('that happened once are told once each', async () => {
      const client = await wire.client()
      const heard: string[] = []
      client.on('inbox.added', (item) => void heard.push(item.title))
      await subscribed(client)
      console.events.emit('inbox.added', inboxItem('first'))
      console.events.emit('inbox.added', inboxItem('second'))
      await tick()
      await vi.waitFor(() => expect(heard).toEqual(['first', 'second']))
    })

    it('beyond what may wait are given up, and the subscriber is told to ask again', async () => {
      const client = await wire.client()
      const heard: string[] = []
      client.on('inbox.added', (item) => void heard.push(item.title))
      client.onResync(() => void heard.push('resync'))
      await subscribed(client)
      for (let count = 0; count <= defaultLimits.maxWaitingEvents; count++) {
        console.events.emit('inbox.added', inboxItem(`item ${count}`))
      }
      console.events.emit('inbox.added', inboxItem('after'))
      await tick()
      await vi.waitFor(() => expect(heard).toEqual(['resync', 'after']))
    })

    it('that do not exist are named', async () => {
      const bare = await wire.bare()
      bare.send('{"type":"subscribe","events":["checks.changed","__proto__","no.such"]}')
      expect(await bare.next()).toMatchObject({
        type: 'refused',
        code: 'not-found',
        message: 'There are no events named "__proto__", "no.such".',
      })
      console.events.emit('checks.changed', checkView())
      await tick()
      expect(await bare.next()).toMatchObject({ type: 'event', name: 'checks.changed' })
    })
  })
})

const draft = {
  name: '',
  kind: 'http',
  enabled: true,
  everyMs: 60_000,
  timeoutMs: 10_000,
  confirm: { failures: 2, of: 3, successes: 2, retryEveryMs: 15_000 },
  slowMs: null,
  labels: {},
  group: null,
  tags: [],
  config: { ratio: 0.1 + 0.2, least: 5e-324, most: Number.MAX_VALUE, none: null, list: [1, 'two', { three: 3 }] },
}

function inboxItem(title: string) {
  return { id: title, at: 1, alertId: null, event: 'test', severity: 'info', title, body: '', readAt: null } as const
}

function deep(levels: number): string {
  return '['.repeat(levels) + ']'.repeat(levels)
}
