import { Inbox } from 'lucide-react'
import { useCall } from '../../client/use-call.ts'
import { useAwaySince } from '../../live/last-seen.ts'
import { Link } from '../../navigation/link.tsx'
import { cx } from '../../ui/class-names.ts'
import { Panel } from '../../ui/panel.tsx'
import { Answer, EmptyState, StaleBadge } from '../../ui/placeholder.tsx'
import { AwayPanel } from './away-panel.tsx'
import { NewsLine } from './news-line.tsx'
import css from './overview.module.css'

const most = 10

/** What happened while nobody looked; with somebody here all along, what happened lately. */
export function NewsPanel() {
  const awaySince = useAwaySince()
  return awaySince === null ? <LatelyPanel /> : <AwayPanel since={awaySince} />
}

function LatelyPanel() {
  const inbox = useCall('inbox.list', { limit: 100 }, { on: { 'inbox.added': 'refetch' } })
  const items = (inbox.data?.items ?? []).filter(({ event }) => event !== 'test')
  return (
    <Panel title="Lately" isPadded={false} note={<StaleBadge of={inbox} />}>
      <Answer of={inbox} what="Messages">
        {() =>
          items.length === 0 ? (
            <EmptyState icon={Inbox} title="No messages yet">
              What Belfry tells you is kept here as well.
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
