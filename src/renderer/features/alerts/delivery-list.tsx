/** Messages that were sent, with every attempt and the channel's own answer. */
import type { Delivery } from '#shared/contract/alerts.ts'
import { formatAgo } from '../../format/duration.ts'
import { formatInstant } from '../../format/instant.ts'
import { formatValue } from '../../format/unit.ts'
import { useNow } from '../../format/use-now.ts'
import { Link } from '../../navigation/link.tsx'
import { useZone } from '../../theme/appearance.ts'
import { Badge } from '../../ui/badge.tsx'
import { cx } from '../../ui/class-names.ts'
import { type Mark, StateMark } from '../../ui/state-mark.tsx'
import { deliveryStateWords } from './alert-words.ts'
import css from './delivery-list.module.css'

const marks: Readonly<Record<Delivery['state'], Mark>> = {
  queued: 'unobserved',
  sending: 'unobserved',
  delivered: 'up',
  retrying: 'degraded',
  dead: 'down',
}

interface DeliveryListProps {
  readonly deliveries: readonly Delivery[]
  /** The alert is known: its title and link are left out. */
  readonly isWithinAlert?: boolean
}

export function DeliveryList({ deliveries, isWithinAlert = false }: DeliveryListProps) {
  const zone = useZone()
  const now = useNow()
  return (
    <ul className={cx(css['list'], !isWithinAlert && css['page'])}>
      {deliveries.map((delivery) => (
        <li key={delivery.id}>
          <details>
            <summary className={cx(css['summary'])}>
              <span className={cx(css['state'])}>
                <StateMark state={marks[delivery.state]} word={deliveryStateWords[delivery.state]} />
              </span>
              <span className={cx(css['channel'])}>{delivery.channel}</span>
              <span className={cx(css['what'])}>
                {delivery.event === 'test' && <Badge>test</Badge>}
                {isWithinAlert ? delivery.event : delivery.title}
              </span>
              <span className={cx(css['when'])}>
                {delivery.attempts.length > 1 && `${delivery.attempts.length} attempts · `}
                {formatInstant(delivery.createdAt, zone)}
              </span>
            </summary>
            <div className={cx(css['detail'])}>
              {delivery.attempts.length === 0 && <p>Not attempted yet.</p>}
              <ol>
                {delivery.attempts.map((attempt) => (
                  <li key={attempt.at} className={cx(css['attempt'])}>
                    <time>{formatInstant(attempt.at, zone)}</time>
                    <span>{formatValue(attempt.durationMs, 'milliseconds')}</span>
                    <StateMark state={attempt.ok ? 'up' : 'down'} word={attempt.ok ? 'accepted' : 'failed'} />
                    <span className={cx(css['answer'])}>{attempt.answer}</span>
                  </li>
                ))}
              </ol>
              {delivery.nextAttemptAt !== null && <p>Next attempt {formatAgo(delivery.nextAttemptAt, now)}.</p>}
              {!isWithinAlert && delivery.alertId !== null && (
                <Link to="alert" params={{ id: delivery.alertId }}>
                  Open the alert
                </Link>
              )}
            </div>
          </details>
        </li>
      ))}
    </ul>
  )
}
