/** What a connection does when its client does not keep up. */
import { describe, expect, it } from 'vitest'
import { createEvents } from '#main/events.ts'
import { type CloseReason, defaultLimits, openConnection } from '#main/transport/connection.ts'
import { fakeTime } from '#test/support/fake-time.ts'
import { checkView } from '#test/support/sample-views.ts'

function subscriber() {
  const time = fakeTime()
  const events = createEvents()
  const sent: { type: string }[] = []
  const closed: CloseReason[] = []
  const unread = { bytes: 0 }
  const connection = openConnection({
    serve: async () => ({ ok: true, value: null }),
    events,
    timers: time.timers,
    caller: { role: 'viewer', name: 'test' },
    outlet: {
      send: (text) => void sent.push(JSON.parse(text)),
      bufferedBytes: () => unread.bytes,
      close: (reason) => void closed.push(reason),
    },
  })
  connection.receive('{"type":"subscribe","events":["checks.changed"]}')
  const tick = () => time.advance(defaultLimits.tickMs)
  return { time, events, sent, closed, unread, connection, tick }
}

describe('a subscriber that does not keep up', () => {
  it('gets no events while too much is unread, and is told to ask again when it has caught up', async () => {
    const { events, sent, unread, tick } = subscriber()
    unread.bytes = defaultLimits.slowBytes + 1
    events.emit('checks.changed', checkView())
    await tick()
    await tick()
    expect(sent).toEqual([])
    unread.bytes = 0
    await tick()
    expect(sent).toEqual([{ type: 'resync' }])
    events.emit('checks.changed', checkView())
    await tick()
    expect(sent.map((frame) => frame.type)).toEqual(['resync', 'event'])
  })

  it('is cut off when it has not read for far too long', async () => {
    const { sent, closed, unread, connection, time } = subscriber()
    unread.bytes = defaultLimits.stuckBytes + 1
    connection.receive('{"type":"ping"}')
    expect(sent).toEqual([{ type: 'pong' }])
    expect(closed).toEqual(['too-slow'])
    connection.receive('{"type":"ping"}')
    expect(sent).toHaveLength(1)
    expect(time.pending()).toBe(0)
  })

  it('leaves no timer and no subscription behind when it goes', async () => {
    const { events, sent, connection, time, tick } = subscriber()
    events.emit('checks.changed', checkView())
    connection.close()
    events.emit('checks.changed', checkView())
    await tick()
    expect(sent).toEqual([])
    expect(time.pending()).toBe(0)
  })
})
