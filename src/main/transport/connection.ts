/**
 * One client, on whatever transport brought it. A connection turns text into calls, cancellations and subscriptions,
 * and answers with replies and events; it bounds what one client may have in flight and what may wait for it. It does
 * not know whether the text came over a WebSocket, Electron's IPC or from the same process.
 */
import type { Events } from '#main/events.ts'
import type { Timers } from '#main/ports.ts'
import type { Caller } from '#shared/contract/define.ts'
import type { ErrorCode } from '#shared/contract/errors.ts'
import { contract, type EventName } from '#shared/contract/index.ts'
import { wallEvents } from '#shared/contract/walls.ts'
import { ClientFrame, maxFrameBytes, type ServerFrame } from '#shared/contract/wire.ts'
import { createEventQueue } from './event-queue.ts'
import { parseJsonText } from './json-text.ts'
import { issuesOf, type Serve } from './serve.ts'

/** What a transport lends a connection. */
interface Outlet {
  /** Takes one frame as JSON text. */
  send(text: string): void
  /** Bytes taken by `send` that the other side has not taken yet; 0 where the transport cannot tell. */
  bufferedBytes(): number
  /** Ends the transport. */
  close(reason: CloseReason): void
}

export type CloseReason = 'frame-too-large' | 'too-slow'

export interface Connection {
  /** Takes one frame as it came. Never throws. */
  receive(text: string): void
  /** Aborts what is in flight and ends the subscriptions. The transport calls this when it is gone. */
  close(): void
}

export interface ConnectionLimits {
  readonly maxCallsInFlight: number
  /** Events wait this long for company. */
  readonly tickMs: number
  readonly maxWaitingEvents: number
  /** With more than this unread, no events are sent: the subscriber is told to resync when it has caught up. */
  readonly slowBytes: number
  /** With more than this unread, the connection ends. */
  readonly stuckBytes: number
}

export const defaultLimits: ConnectionLimits = {
  maxCallsInFlight: 64,
  tickMs: 25,
  maxWaitingEvents: 5000,
  slowBytes: 1_048_576,
  stuckBytes: 33_554_432,
}

export interface ConnectionOptions {
  readonly serve: Serve
  readonly events: Events
  readonly timers: Timers
  readonly caller: Caller
  readonly outlet: Outlet
  readonly limits?: Partial<ConnectionLimits>
}

export function openConnection({ serve, events, timers, caller, outlet, ...options }: ConnectionOptions): Connection {
  const limits = { ...defaultLimits, ...options.limits }
  const inFlight = new Map<number, AbortController>()
  const queue = createEventQueue(limits.maxWaitingEvents)
  let subscribed: ReadonlySet<string> = new Set()
  let stopTick: (() => void) | null = null
  let open = true

  const unsubscribe = events.subscribe((name, payload) => {
    if (!subscribed.has(name)) return
    queue.add(name, payload)
    stopTick ??= timers.after(limits.tickMs, deliver)
  })

  function deliver() {
    stopTick = null
    if (outlet.bufferedBytes() > limits.slowBytes) {
      queue.overflow()
      stopTick = timers.after(limits.tickMs, deliver)
      return
    }
    const { resync, events: due } = queue.take()
    if (resync) send({ type: 'resync' })
    for (const event of due) send({ type: 'event', name: event.name, payload: event.payload })
  }

  function send(frame: ServerFrame) {
    if (!open) return
    outlet.send(JSON.stringify(frame))
    if (outlet.bufferedBytes() > limits.stuckBytes) end('too-slow')
  }

  function refuse(code: ErrorCode, message: string) {
    send({ type: 'refused', code, message })
  }

  function receive(text: string) {
    if (!open) return
    const bytes = Buffer.byteLength(text)
    if (bytes > maxFrameBytes) {
      refuse('too-large', `A frame may have ${maxFrameBytes} bytes; this one has ${bytes}.`)
      end('frame-too-large')
      return
    }
    const frame = parseFrame(text)
    if (typeof frame === 'string') refuse('invalid', frame)
    else act(frame)
  }

  function act(frame: ClientFrame) {
    switch (frame.type) {
      case 'call':
        return call(frame)
      case 'cancel':
        return inFlight.get(frame.id)?.abort()
      case 'subscribe':
        return subscribe(frame.events)
      case 'ping':
        return send({ type: 'pong' })
    }
  }

  function call({ id, name, input }: Extract<ClientFrame, { type: 'call' }>) {
    if (inFlight.has(id)) {
      refuse('conflict', `Call ${id} is still being answered; each call needs an id of its own.`)
      return
    }
    if (inFlight.size >= limits.maxCallsInFlight) {
      const message = `${inFlight.size} calls are being answered already; wait for one of them.`
      send({ type: 'reply', id, reply: { ok: false, code: 'too-many', message, issues: [] } })
      return
    }
    const controller = new AbortController()
    inFlight.set(id, controller)
    void serve(name, input, caller, controller.signal).then((reply) => {
      inFlight.delete(id)
      send({ type: 'reply', id, reply })
    })
  }

  function subscribe(names: readonly string[]) {
    const unknown = names.filter((name) => !isEventName(name))
    // A screen on a wall hears that something changed, and not what.
    subscribed = new Set(names.filter((name) => isEventName(name) && (caller.role !== 'wall' || isWallEvent(name))))
    if (unknown.length > 0) refuse('not-found', `There are no events named ${unknown.map(quote).join(', ')}.`)
  }

  function close() {
    if (!open) return
    open = false
    unsubscribe()
    stopTick?.()
    for (const controller of inFlight.values()) controller.abort()
    inFlight.clear()
  }

  function end(reason: CloseReason) {
    close()
    outlet.close(reason)
  }

  return { receive, close }
}

/** The frame, or a sentence saying what is wrong with the text. */
function parseFrame(text: string): ClientFrame | string {
  const json = parseJsonText(text)
  if (!json.ok) return `A frame could not be read: ${json.message}.`
  const parsed = ClientFrame.safeParse(json.value)
  if (parsed.success) return parsed.data
  const [issue] = issuesOf(parsed.error)
  return `A frame is a call, cancel, subscribe or ping; this one is not: ${issue?.path || 'frame'}: ${issue?.message}`
}

function isEventName(name: string): name is EventName {
  return Object.hasOwn(contract.events, name)
}

function isWallEvent(name: EventName): boolean {
  return wallEvents.some((one) => one === name)
}

function quote(text: string): string {
  return JSON.stringify(text)
}
