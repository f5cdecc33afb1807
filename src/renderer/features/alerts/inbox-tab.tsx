/** What Belfry told, newest first, and what of it has not been read. */
import { CheckCheck } from 'lucide-react'
import { useCallback } from 'react'
import type { InboxItem } from '#shared/contract/alerts.ts'
import { useClient } from '../../client/client-context.tsx'
import { useCall } from '../../client/use-call.ts'
import { useCommand } from '../../client/use-command.ts'
import { usePages } from '../../client/use-pages.ts'
import { formatShort } from '../../format/instant.ts'
import { useNow } from '../../format/use-now.ts'
import { useMay } from '../../live/use-role.ts'
import { navigate } from '../../navigation/location.ts'
import { useZone } from '../../theme/appearance.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { Panel } from '../../ui/panel.tsx'
import { Answer, EmptyState, StaleBadge } from '../../ui/placeholder.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import { toastFailure } from '../../ui/toasts.ts'
import css from './inbox-tab.module.css'

export function InboxTab() {
  const client = useClient()
  const mayOperate = useMay('operator')
  const newest = useCall('inbox.list', {}, { on: { 'inbox.added': 'refetch' } })
  const markRead = useCommand('inbox.markRead')
  const ask = useCallback(
    async (cursor: string) => {
      const { items, next } = await client.call('inbox.list', { cursor })
      return { items, next }
    },
    [client],
  )
  const pages = usePages<InboxItem>({ key: 'inbox', first: newest.data, ask, order: newestFirst })
  const unread = newest.data?.unread ?? 0
  const read = async (ids: string[]) => {
    if (!mayOperate) return
    if (await markRead.run({ ids })) newest.refetch()
    else toastFailure('The messages could not be marked as read. Try again.')
  }
  const open = (item: InboxItem) => {
    if (item.readAt === null) void read([item.id])
    if (item.alertId !== null) navigate('alert', { id: item.alertId })
  }
  return (
    <Panel
      title="Inbox"
      note={
        <>
          {unread > 0 ? `${unread} unread ` : ''}
          <StaleBadge of={newest} />
        </>
      }
      isPadded={false}
      actions={
        unread > 0 &&
        mayOperate && (
          <Button size="small" icon={CheckCheck} isPending={markRead.isRunning} onPress={() => read([])}>
            Mark all as read
          </Button>
        )
      }
    >
      <Answer of={newest} what="The inbox">
        {() =>
          pages.items.length === 0 ? (
            <EmptyState title="Nothing was told yet">Every alert that fires or ends leaves a message here.</EmptyState>
          ) : (
            <div>
              <ul>
                {pages.items.map((item) => (
                  <Message key={item.id} item={item} onOpen={() => open(item)} />
                ))}
              </ul>
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

function Message({ item, onOpen }: { readonly item: InboxItem; readonly onOpen: () => void }) {
  const now = useNow()
  const zone = useZone()
  const isUnread = item.readAt === null
  return (
    <li>
      <button type="button" className={cx(css['message'], isUnread && css['unread'])} onClick={onOpen}>
        <span className={cx(css['dot'])}>{isUnread && <span className={cx(css['heard'])}>Unread</span>}</span>
        <StateMark state={item.event === 'resolved' ? 'resolved' : item.severity} />
        <span className={cx(css['text'])}>
          <span className={cx(css['title'])}>
            {item.event === 'test' && <Badge>test</Badge>} {item.title}
          </span>
          {item.body !== '' && <span className={cx(css['body'])}>{item.body}</span>}
        </span>
        <time className={cx(css['when'])}>{formatShort(item.at, zone, now)}</time>
      </button>
    </li>
  )
}

const newestFirst = (a: InboxItem, b: InboxItem) => b.at - a.at || (a.id < b.id ? 1 : -1)
