/** Both ends in one process: for tests and the harness. Frames cross as JSON and in a later turn, as on a real wire. */
import { ClientFrame, ServerFrame } from '#shared/contract/wire.ts'
import type { Transport, TransportState } from './transport.ts'

export interface MemoryServer {
  readonly onFrame: (frame: ClientFrame) => void
}

export interface MemoryTransport extends Transport {
  /** What the server sends. Lost while the transport is not open. */
  deliver(frame: ServerFrame): void
  setState(state: TransportState): void
}

export function memoryTransport(server: MemoryServer, initial: TransportState = 'open'): MemoryTransport {
  let state = initial
  const frameListeners = new Set<(frame: ServerFrame) => void>()
  const stateListeners = new Set<(state: TransportState) => void>()
  return {
    get state() {
      return state
    },
    send(frame) {
      const crossed = ClientFrame.parse(JSON.parse(JSON.stringify(frame)))
      if (state === 'open') queueMicrotask(() => server.onFrame(crossed))
    },
    deliver(frame) {
      const crossed = ServerFrame.parse(JSON.parse(JSON.stringify(frame)))
      queueMicrotask(() => {
        if (state === 'open') for (const listener of [...frameListeners]) listener(crossed)
      })
    },
    setState(next) {
      if (state === next) return
      state = next
      for (const listener of [...stateListeners]) listener(next)
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
      this.setState('closed')
    },
  }
}
