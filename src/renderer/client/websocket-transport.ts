/**
 * The served console's pipe: one WebSocket, opened again with growing pauses for as long as the page is open. A silent
 * connection is not trusted: a ping that is not answered in time ends it. A refused session is told from an absent
 * server by asking for the session first, because a browser does not say why a WebSocket was refused.
 */
import { ServerFrame } from '#shared/contract/wire.ts'
import type { Transport, TransportState } from './transport.ts'

const firstPauseMs = 500
const longestPauseMs = 10_000
const pingEveryMs = 15_000
const pongWithinMs = 5_000
/** Close codes by which the server says that the session is not (or no longer) valid: 4401, and RFC 6455's 1008. */
const sessionCloseCodes = [4401, 1008]

export interface WebSocketTransportOptions {
  /** Such as `ws://127.0.0.1:4680/ws`. */
  readonly url: string
  /** Resolves to false when the server answers that nobody is logged in; rejects when it cannot be reached. */
  readonly hasSession: () => Promise<boolean>
}

export function webSocketTransport({ url, hasSession }: WebSocketTransportOptions): Transport {
  let state: TransportState = 'connecting'
  let socket: WebSocket | null = null
  let attempts = 0
  let retryTimer: ReturnType<typeof setTimeout> | undefined
  let pingTimer: ReturnType<typeof setInterval> | undefined
  let pongTimer: ReturnType<typeof setTimeout> | undefined
  const frameListeners = new Set<(frame: ServerFrame) => void>()
  const stateListeners = new Set<(state: TransportState) => void>()

  const setState = (next: TransportState) => {
    if (state === next || state === 'closed') return
    state = next
    for (const listener of [...stateListeners]) listener(next)
  }
  const stopTimers = () => {
    clearTimeout(retryTimer)
    clearInterval(pingTimer)
    clearTimeout(pongTimer)
  }
  const drop = () => {
    stopTimers()
    if (!socket) return
    socket.onopen = socket.onmessage = socket.onclose = socket.onerror = null
    socket.close()
    socket = null
  }
  const retry = () => {
    drop()
    if (state === 'closed') return
    setState('connecting')
    retryTimer = setTimeout(() => void open(), pauseMs(attempts++))
  }
  const open = async () => {
    const loggedIn = await hasSession().catch(() => null)
    if (state === 'closed') return
    if (loggedIn === null) return retry()
    if (!loggedIn) return setState('unauthenticated')
    const opened = new WebSocket(url)
    socket = opened
    opened.onopen = () => {
      attempts = 0
      pingTimer = setInterval(ping, pingEveryMs)
      setState('open')
    }
    opened.onmessage = (message) => {
      const frame = parseFrame(message.data)
      if (!frame) return reportError(new Error('Belfry sent a frame this screen does not know'))
      if (frame.type === 'pong') clearTimeout(pongTimer)
      else for (const listener of [...frameListeners]) listener(frame)
    }
    opened.onclose = (event) => {
      if (!sessionCloseCodes.includes(event.code)) return retry()
      drop()
      setState('unauthenticated')
    }
  }
  const ping = () => {
    socket?.send(JSON.stringify({ type: 'ping' }))
    clearTimeout(pongTimer)
    pongTimer = setTimeout(retry, pongWithinMs)
  }

  void open()
  return {
    get state() {
      return state
    },
    send(frame) {
      if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame))
    },
    onFrame(listener) {
      frameListeners.add(listener)
      return () => void frameListeners.delete(listener)
    },
    onState(listener) {
      stateListeners.add(listener)
      return () => void stateListeners.delete(listener)
    },
    close() {
      drop()
      setState('closed')
    },
  }
}

/** Doubles up to ten seconds, with up to a third taken off so that many pages do not come back at once. */
function pauseMs(attempts: number): number {
  return Math.min(longestPauseMs, firstPauseMs * 2 ** attempts) * (1 - Math.random() / 3)
}

function parseFrame(data: unknown): ServerFrame | null {
  if (typeof data !== 'string') return null
  try {
    const parsed = ServerFrame.safeParse(JSON.parse(data))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}
