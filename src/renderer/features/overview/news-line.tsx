import type { InboxItem } from '#shared/contract/alerts.ts'
import { formatShort } from '../../format/instant.ts'
import { useNow } from '../../format/use-now.ts'
import { Link } from '../../navigation/link.tsx'
import { useZone } from '../../theme/appearance.ts'
import { cx } from '../../ui/class-names.ts'
import { StateMark } from '../../ui/state-mark.tsx'
import css from './overview.module.css'

export function NewsLine({ item }: { readonly item: InboxItem }) {
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
