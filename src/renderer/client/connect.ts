/**
 * Turns a transport into typed calls and events. Both directions are validated against the contract here, so a screen
 * never sees a shape it was not compiled for. Every call ends: with an answer, at its deadline, when it is cancelled, or
 * with code `closed` when the transport breaks. Calls made while the transport connects wait for it, within their
 * deadline.
 */

import type { CallSpec } from '#shared/contract/define.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { CallName, EventName, InputOf, OutputOf, PayloadOf } from '#shared/contract/index.ts'
import { contract } from '#shared/contract/index.ts'
import { type ClientFrame, maxFrameBytes, type Reply, type ServerFrame } from '#shared/contract/wire.ts'
import type { Transport, TransportState } from './transport.ts'

const defaultTimeoutMs = 15_000

export interface CallOptions {
  readonly signal?: AbortSignal
  /** Covers waiting for the connection as well. Default: the call's own, else 15,000 ms. */
  readonly timeoutMs?: number
}

export interface Client {
  /** Rejects with AppError only: the server's codes, and `timeout`, `closed`, `invalid` (an answer of wrong shape). */
  call<K extends CallName>(name: K, input: InputOf<K>, options?: CallOptions): Promise<OutputOf<K>>
  /** Returns what ends the subscription. */
  on<K extends EventName>(name: K, listener: (payload: PayloadOf<K>) => void): () => void
  /** Events may have been missed (a break, or a slow connection): ask again for what is shown. */
  onResync(listener: () => void): () => void
  readonly state: TransportState
  onState(listener: (state: TransportState) => void): () => void
  /** Rejects what is pending with code `closed`. */
  close(): void
}

interface Pending {
  readonly settle: (reply: Reply) => void
  readonly fail: (error: AppError) => void
  /** Null once it was sent. */
  send: (() => void) | null
}

type AnyListener = (payload: never) => void

/** The client owns the transport from here on: closing the client closes it. */
export function connect(transport: Transport): Client {
  let nextId = 1
  let wasBroken = false
  const pending = new Map<number, Pending>()
  const listeners = new Map<EventName, Set<AnyListener>>()
  const resyncListeners = new Set<() => void>()

  const subscribe = () => {
    if (transport.state === 'open') transport.send({ type: 'subscribe', events: [...listeners.keys()] })
  }
  const rejectAll = (error: AppError, which: (call: Pending) => boolean) => {
    for (const call of [...pending.values()]) if (which(call)) call.fail(error)
  }
  const resync = () => {
    for (const listener of resyncListeners) listener()
  }

  const stopFrames = transport.onFrame((frame) => {
    if (frame.type === 'reply') pending.get(frame.id)?.settle(frame.reply)
    else if (frame.type === 'event') dispatch(listeners, frame)
    else if (frame.type === 'resync') resync()
  })
  const stopStates = transport.onState((state) => {
    if (state === 'open') {
      subscribe()
      for (const call of pending.values()) call.send?.()
      if (wasBroken) resync()
      wasBroken = false
      return
    }
    wasBroken = true
    const error = brokenError(state)
    rejectAll(error, (call) => state !== 'connecting' || call.send === null)
  })

  return {
    get state() {
      return transport.state
    },
    call(name, input, options = {}) {
      // The contract's literal type is widened to the shape all calls share; parsing below restores the exact types.
      const spec = contract.calls[name] as CallSpec
      const parsed = spec.input.safeParse(input)
      if (!parsed.success) return Promise.reject(shapeError(`"${name}" was asked wrongly`, parsed.error.issues))
      if (transport.state === 'closed' || transport.state === 'unauthenticated') {
        return Promise.reject(brokenError(transport.state))
      }
      if (options.signal?.aborted) return Promise.reject(cancelledError(name))
      const id = nextId++
      const timeoutMs = options.timeoutMs ?? spec.timeoutMs ?? defaultTimeoutMs
      return new Promise((resolve, reject) => {
        const finish = () => {
          pending.delete(id)
          clearTimeout(timer)
          options.signal?.removeEventListener('abort', abort)
        }
        const giveUp = (error: AppError) => {
          const wasSent = pending.get(id)?.send === null
          finish()
          if (wasSent && transport.state === 'open') transport.send({ type: 'cancel', id })
          reject(error)
        }
        const abort = () => giveUp(cancelledError(name))
        const timer = setTimeout(() => giveUp(timeoutError(name, timeoutMs)), timeoutMs)
        options.signal?.addEventListener('abort', abort)
        const call: Pending = {
          settle(reply) {
            finish()
            if (!reply.ok) return reject(new AppError(reply.code, reply.message, reply.issues))
            const output = spec.output.safeParse(reply.value)
            // Parsed with the call's own schema, which is what OutputOf is inferred from.
            if (output.success) resolve(output.data as OutputOf<typeof name>)
            else reject(shapeError(`"${name}" answered in a shape this screen does not know`, output.error.issues))
          },
          fail(error) {
            finish()
            reject(error)
          },
          send() {
            call.send = null
            // The input has just been parsed, and defineContract lets only JSON types compile.
            const frame: ClientFrame = { type: 'call', id, name, input: parsed.data as never }
            const bytes = new TextEncoder().encode(JSON.stringify(frame)).length
            if (bytes > maxFrameBytes) call.fail(tooLargeError(name, bytes))
            else transport.send(frame)
          },
        }
        pending.set(id, call)
        if (transport.state === 'open') call.send?.()
      })
    },
    on(name, listener) {
      const set = listeners.get(name) ?? new Set<AnyListener>()
      // Stored without its payload type; `dispatch` parses with the schema of the same name before it calls.
      const stored = listener as AnyListener
      set.add(stored)
      if (!listeners.has(name)) {
        listeners.set(name, set)
        subscribe()
      }
      return () => {
        if (!set.delete(stored) || set.size > 0) return
        listeners.delete(name)
        subscribe()
      }
    },
    onResync(listener) {
      resyncListeners.add(listener)
      return () => void resyncListeners.delete(listener)
    },
    onState: (listener) => transport.onState(listener),
    close() {
      rejectAll(brokenError('closed'), () => true)
      stopFrames()
      stopStates()
      transport.close()
    },
  }
}

function dispatch(listeners: Map<EventName, Set<AnyListener>>, frame: ServerFrame & { type: 'event' }): void {
  if (!Object.hasOwn(contract.events, frame.name)) return
  // Just checked to be one of the contract's own names.
  const name = frame.name as EventName
  const set = listeners.get(name)
  if (!set) return
  const payload = contract.events[name].safeParse(frame.payload)
  if (!payload.success) {
    reportError(shapeError(`event "${name}" came in a shape this screen does not know`, payload.error.issues))
    return
  }
  for (const listener of [...set]) listener(payload.data as never)
}

function shapeError(
  what: string,
  issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[],
): AppError {
  const list = issues.map((issue) => ({ path: issue.path.map(String).join('.'), message: issue.message }))
  return new AppError('invalid', `${what}: ${list[0]?.path || 'value'}: ${list[0]?.message ?? 'unexpected'}`, list)
}

function brokenError(state: TransportState): AppError {
  return state === 'unauthenticated'
    ? new AppError('unauthenticated', 'The session has ended. Open a new login link.')
    : new AppError(
        'closed',
        'The connection to Belfry was lost before the answer came. It may or may not have been done.',
      )
}

const timeoutError = (name: string, timeoutMs: number) =>
  new AppError('timeout', `Belfry did not answer "${name}" within ${Math.round(timeoutMs / 1000)} s. Try again.`)

/** Told here, for the other end would end the whole connection. */
const tooLargeError = (name: string, bytes: number) =>
  new AppError('too-large', `"${name}" was asked with ${bytes} bytes; at most ${maxFrameBytes} can be sent.`)

const cancelledError = (name: string) => new AppError('closed', `"${name}" was cancelled.`)
