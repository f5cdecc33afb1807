import { useState } from 'react'
import type { Notice } from '#shared/contract/console.ts'
import { useCall } from '../client/use-call.ts'
import { useCommand } from '../client/use-command.ts'
import { useMay } from '../live/use-role.ts'
import { Button } from '../ui/button.tsx'
import { cx } from '../ui/class-names.ts'
import { StateMark } from '../ui/state-mark.tsx'
import css from './banner.module.css'

/** What Belfry wants to say about itself, newest first: shown until it is no longer so. */
export function NoticesBanner() {
  const notices = useCall('console.notices', {}, { on: { 'console.noticesChanged': (_, changed) => changed } })
  const [isOpen, setOpen] = useState(false)
  const all = notices.data ?? []
  const [newest, ...rest] = all
  if (!newest) return null
  return (
    <section aria-label="Notices" className={cx(css['notices'])}>
      {(isOpen ? all : [newest]).map((notice) => (
        <NoticeLine key={notice.id} notice={notice} />
      ))}
      {rest.length > 0 && (
        <Button variant="quiet" size="small" onPress={() => setOpen(!isOpen)}>
          {isOpen ? 'Show the newest only' : `${rest.length} more`}
        </Button>
      )}
    </section>
  )
}

function NoticeLine({ notice }: { readonly notice: Notice }) {
  const { source } = notice
  const mayDismiss = useMay('operator') && notice.level === 'info'
  const dismiss = useCommand('console.dismissNotice')
  return (
    <div className={cx(css['banner'])} role="status">
      <StateMark state={notice.level} word={null} />
      <span>
        <strong>{notice.title}.</strong> {notice.message}{' '}
        {source && (
          <code className={cx(css['source'])}>
            {source.line === null ? source.file : `${source.file}:${source.line}`}
          </code>
        )}
      </span>
      {mayDismiss && (
        <Button variant="quiet" size="small" onPress={() => void dismiss.run({ id: notice.id })}>
          Dismiss
        </Button>
      )}
    </div>
  )
}
