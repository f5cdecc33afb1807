import { useEffect, useEffectEvent } from 'react'
import type { EventName, PayloadOf } from '#shared/contract/index.ts'
import { useClient } from './client-context.tsx'

/** Calls `listener` (always the newest one) for each event while the component is shown. */
export function useEvent<K extends EventName>(name: K, listener: (payload: PayloadOf<K>) => void): void {
  const client = useClient()
  const latest = useEffectEvent(listener)
  useEffect(() => client.on(name, (payload) => latest(payload)), [client, name])
}
