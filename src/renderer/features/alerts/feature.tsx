import { Bell, Plus } from 'lucide-react'
import type { Feature } from '../../feature.ts'
import { useActiveAlerts } from '../../live/use-active-alerts.ts'
import { navigate } from '../../navigation/location.ts'
import { AlertsScreen } from './alerts-screen.tsx'
import { RuleScreen } from './rule-screen.tsx'

export const alerts: Feature = {
  id: 'alerts',
  title: 'Alerts',
  icon: Bell,
  group: null,
  home: 'alerts',
  letter: 'a',
  screens: {
    alerts: () => <AlertsScreen tab="active" />,
    alert: ({ id = '' }) => <AlertsScreen tab="active" openId={id} />,
    rules: () => <AlertsScreen tab="rules" />,
    ruleNew: () => <RuleScreen id={null} />,
    rule: ({ id = '' }) => <RuleScreen id={id} />,
    inbox: () => <AlertsScreen tab="inbox" />,
    deliveries: () => <AlertsScreen tab="deliveries" />,
  },
  usePaletteItems: () => paletteItems,
  useCount: () => useActiveAlerts().data?.alerts.filter(({ state }) => state === 'firing').length ?? 0,
}

const paletteItems = [
  { id: 'alerts.rules', title: 'Rules', group: 'Screen', icon: Bell, run: () => navigate('rules') },
  { id: 'alerts.newRule', title: 'New rule', group: 'Action', icon: Plus, run: () => navigate('ruleNew') },
  { id: 'alerts.inbox', title: 'Inbox', group: 'Screen', icon: Bell, run: () => navigate('inbox') },
  { id: 'alerts.deliveries', title: 'Deliveries', group: 'Screen', icon: Bell, run: () => navigate('deliveries') },
]
