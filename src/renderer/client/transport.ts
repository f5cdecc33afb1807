/** A pipe for frames. Reconnecting is a transport's own business; what was pending when it broke is the client's. */
import type { ClientFrame, ServerFrame } from '#shared/contract/wire.ts'

export type TransportState = 'connecting' | 'open' | 'closed' | 'unauthenticated'

export interface Transport {
  readonly state: TransportState
  send(frame: ClientFrame): void
  onFrame(listener: (frame: ServerFrame) => void): () => void
  /** `connecting` again after a break: the client then rejects what was pending with code `closed`. */
  onState(listener: (state: TransportState) => void): () => void
  close(): void
}
