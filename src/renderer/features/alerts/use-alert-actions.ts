/** What can be done with alerts. Each says what it did and, where there is one, offers the way back. */
import { useMemo } from 'react'
import type { AlertView } from '#shared/contract/alerts.ts'
import { useClient } from '../../client/client-context.tsx'
import type { Client } from '../../client/connect.ts'
import { formatShort } from '../../format/instant.ts'
import { useZone } from '../../theme/appearance.ts'
import { attempted, toast } from '../../ui/toasts.ts'
import { headlineOf } from './alert-words.ts'

export interface AlertActions {
  /** `until` null: with the episode. All resolve to whether it was done; a failure has then been said. */
  acknowledge(alerts: readonly AlertView[], note: string, until: number | null): Promise<boolean>
  unacknowledge(alerts: readonly AlertView[]): Promise<boolean>
  snooze(alerts: readonly AlertView[], until: number): Promise<boolean>
  unsnooze(alerts: readonly AlertView[]): Promise<boolean>
  resolve(alerts: readonly AlertView[], note: string): Promise<boolean>
}

export function useAlertActions(): AlertActions {
  const client = useClient()
  const zone = useZone()
  return useMemo(() => actionsOver(client, zone), [client, zone])
}

function actionsOver(client: Client, zone: string): AlertActions {
  return {
    async acknowledge(alerts, note, until) {
      const ids = idsOf(alerts)
      if (!(await attempted(() => client.call('alerts.acknowledge', { ids, note, until })))) return false
      toast(`Acknowledged ${named(alerts)}.`, () => attempted(() => client.call('alerts.unacknowledge', { ids })))
      return true
    },
    async unacknowledge(alerts) {
      if (!(await attempted(() => client.call('alerts.unacknowledge', { ids: idsOf(alerts) })))) return false
      toast(`${named(alerts)}: nobody holds it any more.`, () =>
        Promise.all(
          alerts.map(({ id, acknowledgement }) =>
            attempted(() =>
              client.call('alerts.acknowledge', {
                ids: [id],
                note: acknowledgement?.note ?? '',
                until: acknowledgement?.until ?? null,
              }),
            ),
          ),
        ),
      )
      return true
    },
    async snooze(alerts, until) {
      const ids = idsOf(alerts)
      if (!(await attempted(() => client.call('alerts.snooze', { ids, until })))) return false
      toast(`Snoozed ${named(alerts)} until ${formatShort(until, zone, Date.now())}.`, () =>
        attempted(() => client.call('alerts.unsnooze', { ids })),
      )
      return true
    },
    async unsnooze(alerts) {
      if (!(await attempted(() => client.call('alerts.unsnooze', { ids: idsOf(alerts) })))) return false
      toast(`${named(alerts)} speaks again.`)
      return true
    },
    async resolve(alerts, note) {
      if (!(await attempted(() => client.call('alerts.resolve', { ids: idsOf(alerts), note })))) return false
      toast(`Closed ${named(alerts)}.`)
      return true
    },
  }
}

const idsOf = (alerts: readonly AlertView[]) => alerts.map(({ id }) => id)

function named(alerts: readonly AlertView[]): string {
  const [first] = alerts
  return first && alerts.length === 1 ? `"${headlineOf(first)}"` : `${alerts.length} alerts`
}
