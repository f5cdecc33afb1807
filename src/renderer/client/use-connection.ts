import { useEffect, useState, useSyncExternalStore } from 'react'
import { useClient } from './client-context.tsx'
import type { TransportState } from './transport.ts'

export interface Connection {
  readonly state: TransportState
  /** Epoch ms since when it is not open; null while it is. */
  readonly lostAt: number | null
}

export function useConnection(): Connection {
  const client = useClient()
  const state = useSyncExternalStore(client.onState, () => client.state)
  const [lostAt, setLostAt] = useState<number | null>(null)
  useEffect(() => setLostAt((before) => (state === 'open' ? null : (before ?? Date.now()))), [state])
  return { state, lostAt }
}
