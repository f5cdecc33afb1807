/** One alert in the list. */
import { BellOff, UserCheck } from 'lucide-react'
import { memo } from 'react'
import type { AlertView } from '#shared/contract/alerts.ts'
import { formatAge, formatDuration } from '../../format/duration.ts'
import { formatInstant, formatShort } from '../../format/instant.ts'
import { useNow } from '../../format/use-now.ts'
import { useZone } from '../../theme/appearance.ts'
import { LabelChip } from '../../ui/badge.tsx'
import { cx } from '../../ui/class-names.ts'
import { Checkbox } from '../../ui/fields.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import css from './alert-list.module.css'
import { startOf } from './alert-order.ts'
import { alertStateWords, headlineOf, severityWords, subjectOf } from './alert-words.ts'

interface AlertRowProps {
  readonly alert: AlertView
  readonly isSelected: boolean
  readonly isCurrent: boolean
  readonly onSelect: (id: string) => void
  readonly onOpen: (id: string) => void
}

/** Labels that the row already says in other ways. */
const saidElsewhere = new Set(['alertname', 'severity', 'check', 'target', 'instance', 'kind'])
const mostChips = 3

export const AlertRow = memo(function AlertRow({ alert, isSelected, isCurrent, onSelect, onOpen }: AlertRowProps) {
  const chips = Object.entries(alert.labels).filter(([name]) => !saidElsewhere.has(name))
  return (
    <li
      className={cx(css['row'], isSelected && css['selected'], isCurrent && css['current'])}
      aria-current={isCurrent ? 'true' : undefined}
      data-alert={alert.id}
    >
      <Checkbox
        label={`Select ${headlineOf(alert)}`}
        isLabelHidden
        isChecked={isSelected}
        onChange={() => onSelect(alert.id)}
      />
      <span className={cx(css['severity'])}>
        <StateMark
          state={alert.state === 'resolved' ? 'resolved' : alert.severity}
          word={severityWords[alert.severity]}
        />
      </span>
      <span className={cx(css['when'])}>
        <Standing alert={alert} />
      </span>
      <button type="button" className={cx(css['open'])} onClick={() => onOpen(alert.id)}>
        <span className={cx(css['headline'])}>{headlineOf(alert)}</span>
        <span className={cx(css['subject'])}>{subjectOf(alert) ?? alert.rule}</span>
      </button>
      <span className={cx(css['chips'])}>
        {chips.slice(0, mostChips).map(([name, value]) => (
          <LabelChip key={name} name={name} value={value} />
        ))}
        {chips.length > mostChips && <span className={cx(css['muted'])}>+{chips.length - mostChips}</span>}
      </span>
      <span className={cx(css['holder'])}>
        <Overlays alert={alert} />
      </span>
    </li>
  )
})

function Standing({ alert }: { readonly alert: AlertView }) {
  const now = useNow()
  const zone = useZone()
  const since = startOf(alert)
  if (alert.state === 'resolved') {
    const end = alert.resolvedAt ?? since
    return (
      <time title={formatInstant(end, zone)}>
        {formatShort(end, zone, now)}
        <span className={cx(css['muted'])}> after {formatDuration(end - since)}</span>
      </time>
    )
  }
  return (
    <time title={`Since ${formatInstant(since, zone)}`}>
      {alertStateWords[alert.state]} {formatAge(Math.max(0, now - since))}
    </time>
  )
}

/** Who holds it, and until when it is silent. */
export function Overlays({ alert }: { readonly alert: AlertView }) {
  const now = useNow()
  const zone = useZone()
  const { acknowledgement, snoozedUntil } = alert
  return (
    <>
      {acknowledgement && (
        <span className={cx(css['overlay'])} title={acknowledgement.note || 'Acknowledged'}>
          <UserCheck size={14} aria-hidden /> {acknowledgement.by}
        </span>
      )}
      {snoozedUntil !== null && snoozedUntil > now && (
        <span className={cx(css['overlay'])} title={`Snoozed until ${formatInstant(snoozedUntil, zone)}`}>
          <BellOff size={14} aria-hidden /> until {formatShort(snoozedUntil, zone, now)}
        </span>
      )}
    </>
  )
}
