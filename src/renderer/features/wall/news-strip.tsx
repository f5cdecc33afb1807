import type { WallAlert } from '#shared/contract/walls.ts'
import { formatAge } from '../../format/duration.ts'
import { cx } from '../../ui/class-names.ts'
import { StateMark } from '../../ui/state-mark.tsx'
import css from './wall.module.css'

/** Each handful stands so long; nothing scrolls. */
const standsMs = 10_000

/** The newest alerts along the bottom, a few at a time. */
export function NewsStrip(props: {
  readonly news: readonly WallAlert[]
  readonly atOnce: number
  readonly now: number
}) {
  const { news, atOnce, now } = props
  const handfuls = Math.max(1, Math.ceil(news.length / atOnce))
  const from = (Math.floor(now / standsMs) % handfuls) * atOnce
  return (
    <footer className={cx(css['news'])}>
      {news.length === 0 && <span className={cx(css['quiet'])}>No alerts lately</span>}
      {news.slice(from, from + atOnce).map((alert) => (
        <span key={alert.id} className={cx(css['item'], alert.state === 'resolved' && css['quiet'])}>
          <StateMark state={alert.state === 'resolved' ? 'resolved' : alert.severity} word={null} />
          <span className={cx(css['itemText'])}>{alert.title}</span>
          <span className={cx(css['age'])}>
            {alert.state === 'resolved' ? `ended ${formatAge(now - alert.since)} ago` : formatAge(now - alert.since)}
          </span>
        </span>
      ))}
    </footer>
  )
}
