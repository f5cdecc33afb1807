/** One check in the list. Drawn anew only when it, its history or its selection changed. */
import { memo } from 'react'
import type { CheckHistory, CheckView, Uptime } from '#shared/contract/checks.ts'
import { formatAge, formatAgo } from '../../format/duration.ts'
import { formatRatio, formatValue, noValue } from '../../format/unit.ts'
import { useNow } from '../../format/use-now.ts'
import { useAge, useIsOld } from '../../live/data-age.ts'
import { Link } from '../../navigation/link.tsx'
import { cx } from '../../ui/class-names.ts'
import { HeartbeatBar } from '../../ui/heartbeat-bar.tsx'
import { Sparkline } from '../../ui/sparkline.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import { Cell, Row } from '../../ui/table.tsx'
import css from './check-table.module.css'
import { certificateUrgency, certificateWords, checkStateWord, confirmingWords } from './check-words.ts'

interface CheckRowProps {
  readonly check: CheckView
  readonly history: CheckHistory | null
  /** Among all rows of the table, the header being 1. */
  readonly rowNumber: number
  readonly height: number
  readonly isSelected: boolean
  readonly isCurrent: boolean
  readonly onChoose: (id: string, isRange: boolean) => void
}

export const CheckRow = memo(function CheckRow(props: CheckRowProps) {
  const { check, history, rowNumber, height, isSelected, isCurrent, onChoose } = props
  const isOld = useIsOld(check)
  return (
    <Row
      isSelected={isSelected}
      isCurrent={isCurrent}
      aria-rowindex={rowNumber}
      style={{ height }}
      className={cx(isOld && css['old'])}
    >
      <Cell className={cx(css['pick'])}>
        <input
          type="checkbox"
          className={cx(css['checkbox'])}
          aria-label={`Select ${check.name}`}
          checked={isSelected}
          onChange={(event) =>
            onChoose(check.id, event.nativeEvent instanceof MouseEvent && event.nativeEvent.shiftKey)
          }
        />
      </Cell>
      <Cell>
        <StateMark state={check.state} word={checkStateWord(check)} />
        {check.confirming && (
          <div className={cx(css['below'])} title={confirmingWords(check.confirming)}>
            confirming {check.confirming.toward} {check.confirming.seen}/{check.confirming.needed}
          </div>
        )}
        {!check.confirming && isUnseen(check) && (
          <div className={cx(css['below'], css['reason'])} title={check.reason.message}>
            {check.reason.message}
          </div>
        )}
      </Cell>
      <Cell className={cx(css['nameCell'])}>
        <Link to="check" params={{ id: check.id }} className={cx(css['name'])}>
          {check.name}
        </Link>
        <span className={cx(css['target'])} title={check.target}>
          {check.target}
        </span>
      </Cell>
      <Cell>
        {history ? (
          <HeartbeatBar label={check.name} beats={history.bar} height={22} />
        ) : (
          <span className={cx(css['waiting'])} />
        )}
      </Cell>
      <UptimeCell uptime={history?.uptime.day ?? null} />
      <UptimeCell uptime={history?.uptime.week ?? null} isSpare />
      <UptimeCell uptime={history?.uptime.month ?? null} isSpare />
      <Cell isNumber>
        <span className={cx(css['latency'])}>
          <span className={cx(css['spark'])}>
            {history && (
              <Sparkline values={history.latencyMs} label={`Latency of ${check.name}, 24 h`} width={72} height={18} />
            )}
          </span>
          <span>{check.last ? formatValue(check.last.durationMs, 'milliseconds') : noValue}</span>
        </span>
      </Cell>
      <Cell isNumber>
        <CertificateDays expiresAt={check.certificateExpiresAt} />
      </Cell>
      <Cell isNumber isMuted>
        <NextRun check={check} />
        <Age check={check} isOld={isOld} />
      </Cell>
    </Row>
  )
})

/** Below this share of the window somebody must be told how much was seen. */
const fullCoverage = 0.995

/** `isSpare`: left out of narrow windows. */
function UptimeCell({ uptime, isSpare = false }: { readonly uptime: Uptime | null; readonly isSpare?: boolean }) {
  const className = cx(isSpare && css['spare'])
  if (!uptime) return <Cell isNumber isMuted className={className} />
  const { availabilityRatio, coverageRatio } = uptime
  const isPartial = coverageRatio < fullCoverage
  return (
    <Cell isNumber className={className} title={`Observed ${formatRatio(coverageRatio)} of the time`}>
      {formatRatio(availabilityRatio, 2)}
      {isPartial && availabilityRatio !== null && (
        <div className={cx(css['below'])}>{seenShare(coverageRatio)} seen</div>
      )}
    </Cell>
  )
}

export function CertificateDays({ expiresAt }: { readonly expiresAt: number | null }) {
  const now = useNow()
  if (expiresAt === null) return <span className={cx(css['none'])}>{noValue}</span>
  const urgency = certificateUrgency(expiresAt, now)
  const words = certificateWords(expiresAt, now)
  return urgency === 'fine' ? words : <StateMark state={urgency === 'soon' ? 'degraded' : 'down'} word={words} />
}

/** Why nothing is known of it is part of what is known. */
/** A little is not nothing, whatever it rounds to. */
function seenShare(coverageRatio: number): string {
  return coverageRatio > 0 && coverageRatio < 0.01 ? '< 1 %' : formatRatio(coverageRatio, 0)
}

function isUnseen({ enabled, state }: CheckView): boolean {
  return enabled && (state === 'unknown' || state === 'unobserved')
}

/** How old what the row shows is. */
function Age({ check, isOld }: { readonly check: CheckView; readonly isOld: boolean }) {
  const ageMs = useAge(check)
  if (ageMs === null || !check.enabled) return null
  return (
    <div className={cx(isOld ? css['oldAge'] : css['below'])} title="Age of the last result">
      {isOld ? `${formatAge(ageMs)} old` : ageMs < 1000 ? 'just now' : `${formatAge(ageMs)} ago`}
    </div>
  )
}

function NextRun({ check }: { readonly check: CheckView }) {
  const now = useNow()
  if (!check.enabled) return 'paused'
  if (check.nextRunAt === null) return noValue
  return check.nextRunAt <= now ? 'now' : formatAgo(check.nextRunAt, now)
}
