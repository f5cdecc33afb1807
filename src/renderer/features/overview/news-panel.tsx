import { Inbox } from 'lucide-react'
import type { InboxItem } from '#shared/contract/alerts.ts'
import { useCall } from '../../client/use-call.ts'
import { formatAge } from '../../format/duration.ts'
import { formatShort } from '../../format/instant.ts'
import { useNow } from '../../format/use-now.ts'
import { Link } from '../../navigation/link.tsx'
import { useZone } from '../../theme/appearance.ts'
import { cx } from '../../ui/class-names.ts'
import { Panel } from '../../ui/panel.tsx'
import { Answer, EmptyState, StaleBadge } from '../../ui/placeholder.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import { useAwaySince } from './last-seen.ts'
import css from './overview.module.css'

const most = 10

/** What happened while nobody looked; with somebody here all along, what happened lately. */
export function NewsPanel() {
  const inbox = useCall('inbox.list', { limit: 100 }, { on: { 'inbox.added': 'refetch' } })
  const awaySince = useAwaySince()
  const now = useNow()
  const zone = useZone()
  const items = (inbox.data?.items ?? []).filter(({ at, event }) => event !== 'test' && at >= (awaySince ?? 0))
  const fired = items.filter(({ event }) => event === 'fired').length
  return (
    <Panel
      title={awaySince === null ? 'Lately' : 'While you were away'}
      isPadded={false}
      note={
        <>
          {awaySince !== null &&
            `since ${formatShort(awaySince, zone, now)}: ${fired} fired, ${items.length - fired} resolved`}{' '}
          <StaleBadge of={inbox} />
        </>
      }
    >
      <Answer of={inbox} what="Messages">
        {() =>
          items.length === 0 ? (
            <EmptyState icon={Inbox} title={awaySince === null ? 'No messages yet' : 'Nothing happened'}>
              {awaySince === null
                ? 'What Belfry tells you is kept here as well.'
                : `No alert fired in the ${formatAge(now - awaySince)} you were away.`}
            </EmptyState>
          ) : (
            <ul className={cx(css['list'])}>
              {items.slice(0, most).map((item) => (
                <NewsLine key={item.id} item={item} />
              ))}
              {items.length > most && (
                <li className={cx(css['line'])}>
                  <Link to="inbox">{items.length - most} more messages</Link>
                </li>
              )}
            </ul>
          )
        }
      </Answer>
    </Panel>
  )
}

function NewsLine({ item }: { readonly item: InboxItem }) {
  const now = useNow()
  const zone = useZone()
  return (
    <li className={cx(css['line'])}>
      <StateMark state={item.event === 'resolved' ? 'resolved' : item.severity} word={null} />
      <div className={cx(css['lineText'])}>
        {item.alertId === null ? (
          <span>{item.title}</span>
        ) : (
          <Link to="alert" params={{ id: item.alertId }} className={cx(css['lineTitle'])}>
            {item.title}
          </Link>
        )}
      </div>
      <time className={cx(css['muted'])}>{formatShort(item.at, zone, now)}</time>
    </li>
  )
}
