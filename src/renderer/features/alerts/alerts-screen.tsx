/** Alerts and all that belongs to them, as tabs with addresses of their own; one alert opens beside the list. */

import { Plus } from 'lucide-react'
import { useCall } from '../../client/use-call.ts'
import { useActiveAlerts } from '../../live/use-active-alerts.ts'
import { useMay } from '../../live/use-role.ts'
import { navigate, replaceQuery, usePlace } from '../../navigation/location.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { ScreenHeader } from '../../ui/panel.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { AlertDrawer } from './alert-drawer.tsx'
import { AlertList } from './alert-list.tsx'
import css from './alerts-screen.module.css'
import { DeliveriesTab } from './deliveries-tab.tsx'
import { InboxTab } from './inbox-tab.tsx'
import { RulesTab } from './rules-tab.tsx'

export type AlertsTab = 'active' | 'resolved' | 'rules' | 'inbox' | 'deliveries'

/** `openId`: the alert of an address that names one; from the list it is in the query, so that the list stays. */
export function AlertsScreen({
  tab: addressed,
  openId = null,
}: {
  readonly tab: AlertsTab
  readonly openId?: string | null
}) {
  const place = usePlace()
  const query = place?.query ?? new URLSearchParams()
  const tab = addressed === 'active' && query.get('tab') === 'resolved' ? 'resolved' : addressed
  const open = openId ?? query.get('open')
  const active = useActiveAlerts()
  const inbox = useCall('inbox.list', {}, { on: { 'inbox.added': 'refetch' } })
  const mayOperate = useMay('operator')
  const firing = active.data?.alerts.filter(({ state }) => state === 'firing').length ?? 0

  const select = (next: AlertsTab) => {
    switch (next) {
      case 'active':
        return navigate('alerts')
      case 'resolved':
        return navigate('alerts', {}, { tab: 'resolved' })
      default:
        return navigate(next)
    }
  }
  const openAlert = (id: string) => (openId === null ? replaceQuery({ open: id }) : navigate('alert', { id }))
  const close = () => (openId === null ? replaceQuery({ open: '' }) : navigate('alerts'))
  const list = (which: 'active' | 'resolved') => (
    <AlertList key={which} which={which} onOpen={openAlert} hasKeys={open === null} />
  )
  return (
    <div className={cx(css['screen'])}>
      <ScreenHeader
        title="Alerts"
        note={firing > 0 ? `${firing} firing` : undefined}
        actions={
          tab === 'rules' &&
          mayOperate && (
            <Button variant="primary" icon={Plus} onPress={() => navigate('ruleNew')}>
              New rule
            </Button>
          )
        }
      />
      <Tabs
        label="Alerts"
        selected={tab}
        onSelect={select}
        items={[
          { id: 'active', label: 'Active', count: active.data?.alerts.length ?? 0, content: list('active') },
          { id: 'resolved', label: 'Resolved', content: list('resolved') },
          { id: 'rules', label: 'Rules', content: <RulesTab /> },
          { id: 'inbox', label: 'Inbox', count: inbox.data?.unread ?? 0, content: <InboxTab /> },
          { id: 'deliveries', label: 'Deliveries', content: <DeliveriesTab /> },
        ]}
      />
      {open !== null && open !== '' && <AlertDrawer key={open} id={open} onClose={close} onOpen={openAlert} />}
    </div>
  )
}
