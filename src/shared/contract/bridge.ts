/** What the preload exposes as `window.belfryBridge`: frames out, frames in. It never changes when a call is added. */
import type { ClientFrame, ServerFrame } from './wire.ts'

export interface Bridge {
  send(frame: ClientFrame): void
  /** Returns what ends the subscription. */
  onFrame(listener: (frame: ServerFrame) => void): () => void
}

/** IPC channels the bridge uses; the only two there are. Both carry one frame as JSON text. */
export const bridgeChannels = { toMain: 'belfry:to-main', toRenderer: 'belfry:to-renderer' } as const
