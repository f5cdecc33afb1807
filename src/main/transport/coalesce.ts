/**
 * Which events replace one another while they wait for a subscriber. State supersedes older state of the same thing;
 * what happened once must be told once. A new event does not compile until it is decided here.
 */
import type { EventName, PayloadOf } from '#shared/contract/index.ts'

type Rules = { readonly [K in EventName]: 'latest' | 'every' | ((payload: PayloadOf<K>) => string) }

const rules: Rules = {
  'console.healthChanged': 'latest',
  'console.noticesChanged': 'latest',
  'backup.changed': 'latest',
  'metrics.advanced': 'latest',
  'checks.changed': (check) => check.id,
  'checks.removed': (check) => check.id,
  'collectors.changed': (collector) => collector.id,
  'collectors.removed': (collector) => collector.id,
  'alerts.changed': (alert) => alert.id,
  'rules.changed': 'latest',
  'rules.backtestAdvanced': ({ key }) => key,
  'inbox.added': 'every',
  'deliveries.changed': (delivery) => delivery.id,
  'settings.changed': 'latest',
  'config.changed': 'latest',
  'walls.changed': 'latest',
  'walls.stirred': 'latest',
  'scrape.changed': 'latest',
  'dashboards.changed': 'latest',
  'dashboards.exportAdvanced': ({ exportId }) => exportId,
}

/** Events with the same key replace one another; null: this one is kept whatever follows. */
export function coalescingKey<K extends EventName>(name: K, payload: PayloadOf<K>): string | null {
  const rule: Rules[K] = rules[name]
  if (rule === 'every') return null
  return rule === 'latest' ? name : `${name} ${rule(payload)}`
}
