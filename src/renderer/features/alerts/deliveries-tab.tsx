/** How the channels are, and every message that was sent with each attempt's answer. */
import { useCallback } from 'react'
import type { ChannelView, Delivery } from '#shared/contract/alerts.ts'
import { useClient } from '../../client/client-context.tsx'
import { useCall } from '../../client/use-call.ts'
import { usePages } from '../../client/use-pages.ts'
import { formatAgo } from '../../format/duration.ts'
import { useNow } from '../../format/use-now.ts'
import { Link } from '../../navigation/link.tsx'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { Panel } from '../../ui/panel.tsx'
import { Answer, EmptyState, StaleBadge } from '../../ui/placeholder.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import css from './deliveries-tab.module.css'
import { DeliveryList } from './delivery-list.tsx'

export function DeliveriesTab() {
  return (
    <div className={cx(css['tab'])}>
      <Channels />
      <DeliveryLog />
    </div>
  )
}

function Channels() {
  const channels = useCall('notify.channels', {}, { on: { 'deliveries.changed': 'refetch' }, atMostEveryMs: 2000 })
  return (
    <Panel
      title="Channels"
      note={<StaleBadge of={channels} />}
      actions={
        <Link to="settingsSection" params={{ section: 'notifications' }} className={cx(css['link'])}>
          Set up and test
        </Link>
      }
    >
      <Answer of={channels} what="Channels">
        {(list) => (
          <ul className={cx(css['channels'])}>
            {list.map((channel) => (
              <Channel key={channel.id} channel={channel} />
            ))}
          </ul>
        )}
      </Answer>
    </Panel>
  )
}

function Channel({ channel }: { readonly channel: ChannelView }) {
  const now = useNow()
  const { title, enabled, available, problem, mechanism, lastDelivery } = channel
  const isFailing = enabled && (!available || lastDelivery?.ok === false)
  return (
    <li className={cx(css['channel'])}>
      <StateMark
        state={!enabled ? 'unobserved' : !available ? 'down' : isFailing ? 'degraded' : 'up'}
        word={title}
        size={12}
      />
      <span className={cx(css['muted'])}>
        {!enabled ? 'off' : (problem ?? mechanism)}
        {lastDelivery &&
          `; last ${lastDelivery.ok ? 'delivered' : 'failed'} ${formatAgo(lastDelivery.at, now)}: ${lastDelivery.answer}`}
      </span>
    </li>
  )
}

function DeliveryLog() {
  const client = useClient()
  const newest = useCall('notify.deliveries', {}, { on: { 'deliveries.changed': 'refetch' }, atMostEveryMs: 1000 })
  const ask = useCallback(
    async (cursor: string) => {
      const { deliveries, next } = await client.call('notify.deliveries', { cursor })
      return { items: deliveries, next }
    },
    [client],
  )
  const first = newest.data && { items: newest.data.deliveries, next: newest.data.next }
  const pages = usePages<Delivery>({ key: 'deliveries', first, ask, order: newestFirst })
  return (
    <Panel title="Deliveries" note={<StaleBadge of={newest} />} isPadded={false}>
      <Answer of={newest} what="Deliveries">
        {() =>
          pages.items.length === 0 ? (
            <EmptyState title="Nothing was sent yet">
              Each message is kept here with its attempts and what the channel answered.
            </EmptyState>
          ) : (
            <div>
              <DeliveryList deliveries={pages.items} />
              {(pages.hasMore || pages.failure) && (
                <div className={cx(css['more'])}>
                  {pages.failure && <span role="alert">{pages.failure.message}</span>}
                  <Button size="small" isPending={pages.isLoading} onPress={pages.more}>
                    Show older
                  </Button>
                </div>
              )}
            </div>
          )
        }
      </Answer>
    </Panel>
  )
}

const newestFirst = (a: Delivery, b: Delivery) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1)
