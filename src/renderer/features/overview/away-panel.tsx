import { Check, EyeOff, Info } from 'lucide-react'
import type { Absence } from '#shared/contract/absence.ts'
import type { InboxItem } from '#shared/contract/alerts.ts'
import { useCall } from '../../client/use-call.ts'
import { formatAge, formatDuration } from '../../format/duration.ts'
import { formatShort } from '../../format/instant.ts'
import { formatCount } from '../../format/unit.ts'
import { useNow } from '../../format/use-now.ts'
import { noteDismissed } from '../../live/last-seen.ts'
import { Link } from '../../navigation/link.tsx'
import { useZone } from '../../theme/appearance.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { Panel } from '../../ui/panel.tsx'
import { Answer, StaleBadge } from '../../ui/placeholder.tsx'
import { markWord, StateMark } from '../../ui/state-mark.tsx'
import { NewsLine } from './news-line.tsx'
import css from './overview.module.css'

const mostTroubled = 6
const mostItems = 5

/** What happened since somebody last looked from this browser, until it is dismissed. */
export function AwayPanel({ since }: { readonly since: number }) {
  const absence = useCall('absence.report', { since }, { everyMs: 60_000 })
  const inbox = useCall('inbox.list', { limit: 100 }, { on: { 'inbox.added': 'refetch' } })
  const now = useNow()
  const zone = useZone()
  const items = (inbox.data?.items ?? []).filter(({ at, event }) => event !== 'test' && at >= since)
  return (
    <Panel
      title="While you were away"
      isPadded={false}
      note={
        <>
          since {formatShort(since, zone, now)} <StaleBadge of={absence} />
        </>
      }
      actions={
        <Button size="small" variant="quiet" icon={Check} onPress={noteDismissed}>
          Seen
        </Button>
      }
    >
      <Answer of={absence} what="What happened">
        {(data) =>
          isQuiet(data) && items.length === 0 ? (
            <p className={cx(css['quietLine'])}>
              Nothing happened in {formatAge(now - since)}: {wellWords(data.checks)}, and no alert fired.
            </p>
          ) : (
            <Happened absence={data} items={items} />
          )
        }
      </Answer>
    </Panel>
  )
}

function isQuiet({ troubledCount, blind, notices }: Absence): boolean {
  return troubledCount === 0 && blind.length === 0 && notices.length === 0
}

function wellWords(checks: number): string {
  return checks === 1 ? 'the check stayed well' : `none of ${formatCount(checks)} checks was in trouble`
}

function Happened({ absence, items }: { readonly absence: Absence; readonly items: readonly InboxItem[] }) {
  const { troubled, troubledCount, blind, notices } = absence
  const fired = items.filter(({ event }) => event === 'fired').length
  const left = troubledCount - Math.min(troubled.length, mostTroubled)
  return (
    <ul className={cx(css['list'])}>
      {troubled.slice(0, mostTroubled).map((one) => (
        <TroubledLine key={one.id} of={one} />
      ))}
      {left > 0 && (
        <li className={cx(css['line'])}>
          <Link to="checks">{formatCount(left)} more checks were in trouble</Link>
        </li>
      )}
      {blind.map((one) => (
        <BlindLine key={`${one.reason.code} ${one.from}`} of={one} />
      ))}
      {notices.map(({ notice, until }) => (
        <li key={`${notice.id} ${notice.at}`} className={cx(css['line'])}>
          <Info size={14} aria-hidden />
          <span className={cx(css['lineText'])} title={notice.message}>
            {notice.title}
          </span>
          <span className={cx(css['muted'])}>{until === null ? 'still so' : 'over'}</span>
        </li>
      ))}
      {items.length > 0 && (
        <li className={cx(css['line'], css['muted'])}>
          <Link to="inbox">
            {fired} {fired === 1 ? 'alert' : 'alerts'} fired, {items.length - fired} resolved
          </Link>
        </li>
      )}
      {items.slice(0, mostItems).map((item) => (
        <NewsLine key={item.id} item={item} />
      ))}
    </ul>
  )
}

function TroubledLine({ of }: { readonly of: Absence['troubled'][number] }) {
  const { id, name, state, worst, times, badMs } = of
  const was = `${markWord(worst).toLowerCase()} ${times > 1 ? `${times} times, ` : ''}${formatDuration(badMs)}`
  return (
    <li className={cx(css['line'])}>
      <StateMark state={state} word={null} />
      <div className={cx(css['lineText'])}>
        <Link to="check" params={{ id }} className={cx(css['lineTitle'])}>
          {name}
        </Link>
      </div>
      <span className={cx(css['muted'])}>
        {was}, {state === worst ? 'still is' : `now ${markWord(state).toLowerCase()}`}
      </span>
    </li>
  )
}

function BlindLine({ of }: { readonly of: Absence['blind'][number] }) {
  const { from, to, reason, checks } = of
  const now = useNow()
  const zone = useZone()
  return (
    <li className={cx(css['line'])}>
      <EyeOff size={14} aria-hidden />
      <div className={cx(css['lineText'])}>
        <span>{reason.message.split(' The probe saw:', 1)[0]}</span>
        <span className={cx(css['muted'])}>
          {formatCount(checks)} {checks === 1 ? 'check' : 'checks'} not seen for {formatDuration(to - from)}
        </span>
      </div>
      <time className={cx(css['muted'])}>{formatShort(from, zone, now)}</time>
    </li>
  )
}
