/** What can be done with a collector. Each says what it did and offers the way back. */
import { useMemo } from 'react'
import type { CollectorStatus } from '#shared/contract/collectors.ts'
import { useClient } from '../../client/client-context.tsx'
import type { Client } from '../../client/connect.ts'
import { attempted, toast } from '../../ui/toasts.ts'

export interface CollectorActions {
  setEnabled(collector: CollectorStatus, enabled: boolean): Promise<void>
  /** Whether it is gone; a failure was said. */
  remove(collector: CollectorStatus): Promise<boolean>
  run(collector: CollectorStatus): Promise<void>
}

export function useCollectorActions(): CollectorActions {
  const client = useClient()
  return useMemo(() => actionsOver(client), [client])
}

function actionsOver(client: Client): CollectorActions {
  const switched = (id: string, enabled: boolean) =>
    attempted(() => client.call('collectors.setEnabled', { ids: [id], enabled }))
  return {
    async setEnabled({ id, name }, enabled) {
      if ((await switched(id, enabled)) === null) return
      toast(`${enabled ? 'Resumed' : 'Paused'} "${name}".`, () => switched(id, !enabled))
    },
    async remove({ id, name }) {
      const removed = await attempted(() => client.call('collectors.remove', { id }))
      if (removed === null) return false
      toast(`Removed "${name}". The history is kept.`, () => attempted(() => client.call('collectors.save', removed)))
      return true
    },
    async run({ id, name }) {
      const status = await attempted(() => client.call('collectors.run', { id }))
      if (status !== null) toast(`${name}: ${status.reason.message}`)
    },
  }
}
