/** Electron's own window: the preload's bridge carries the frames; it is open as long as the window lives. */
import type { Bridge } from '#shared/contract/bridge.ts'
import type { Transport } from './transport.ts'

declare global {
  interface Window {
    readonly belfryBridge?: Bridge
  }
}

export function bridgeTransport(bridge: Bridge): Transport {
  const endings = new Set<() => void>()
  return {
    state: 'open',
    send: (frame) => bridge.send(frame),
    onFrame(listener) {
      const end = bridge.onFrame(listener)
      endings.add(end)
      return () => {
        endings.delete(end)
        end()
      }
    },
    onState: () => () => {},
    close() {
      for (const end of endings) end()
      endings.clear()
    },
  }
}
