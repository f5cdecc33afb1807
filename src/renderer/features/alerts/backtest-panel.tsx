/** What the rule would have done over the range of all screens: replayed on demand, with a picture for each series. */
import { History, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { Backtest } from '#shared/contract/alerts.ts'
import { AppError } from '#shared/contract/errors.ts'
import { useClient } from '../../client/client-context.tsx'
import { formatDuration } from '../../format/duration.ts'
import { formatInstant } from '../../format/instant.ts'
import { formatCount, formatRatio, formatValue } from '../../format/unit.ts'
import { useKeys } from '../../keys/use-keys.ts'
import { useZone } from '../../theme/appearance.ts'
import { useRange } from '../../time-range/use-range.ts'
import { LabelChip } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { Panel } from '../../ui/panel.tsx'
import css from './backtest-panel.module.css'

interface Condition {
  readonly expr: string
  readonly forMs: number
  readonly keepFiringForMs: number
  readonly everyMs: number
}

type Run =
  | { readonly kind: 'none' }
  | { readonly kind: 'running'; readonly share: number }
  | { readonly kind: 'done'; readonly answer: Backtest; readonly of: string }
  | { readonly kind: 'failed'; readonly message: string }

let runs = 0

export function BacktestPanel(condition: Condition) {
  const client = useClient()
  const range = useRange()
  const [run, setRun] = useState<Run>({ kind: 'none' })
  const stop = useRef<AbortController | null>(null)
  useEffect(() => () => stop.current?.abort(), [])
  const { expr, forMs, keepFiringForMs, everyMs } = condition
  const shape = JSON.stringify([expr, forMs, keepFiringForMs, everyMs])

  const replay = async () => {
    if (expr.trim() === '') return
    stop.current?.abort()
    const controller = new AbortController()
    stop.current = controller
    const key = `backtest ${++runs}`
    setRun({ kind: 'running', share: 0 })
    const unsubscribe = client.on('rules.backtestAdvanced', (advanced) => {
      if (advanced.key === key) setRun({ kind: 'running', share: advanced.share })
    })
    try {
      const { from, to } = range.ofThisMoment()
      const asked = { expr, forMs, keepFiringForMs, everyMs, from, to, key }
      const answer = await client.call('rules.backtest', asked, { signal: controller.signal })
      setRun({ kind: 'done', answer, of: shape })
    } catch (error) {
      if (controller.signal.aborted) return
      if (!(error instanceof AppError)) throw error
      setRun({ kind: 'failed', message: error.message })
    } finally {
      unsubscribe()
    }
  }
  const cancel = () => {
    stop.current?.abort()
    setRun({ kind: 'none' })
  }
  useKeys('Backtest', [{ keys: 'mod+Enter', title: 'Replay over history', run: () => void replay() }])
  const isRunning = run.kind === 'running'
  return (
    <Panel
      title="Backtest"
      note={run.kind === 'done' ? doneWords(run.answer) : 'what this rule would have done in the range above'}
      actions={
        isRunning ? (
          <Button size="small" icon={X} onPress={cancel}>
            Cancel
          </Button>
        ) : (
          <Button size="small" icon={History} onPress={() => void replay()} isDisabled={expr.trim() === ''}>
            Replay
          </Button>
        )
      }
    >
      <div aria-live="polite">
        {run.kind === 'none' && (
          <p className={cx(css['muted'])}>
            Replay asks stored history how often the rule would have fired, for how long and on which series. Ctrl-Enter
            does the same.
          </p>
        )}
        {isRunning && (
          <progress
            className={cx(css['progress'])}
            max={1}
            value={run.share}
            aria-label="Share of the range replayed"
          />
        )}
        {run.kind === 'failed' && <p className={cx(css['problem'])}>{run.message}</p>}
        {run.kind === 'done' && <Outcome answer={run.answer} isOld={run.of !== shape} />}
      </div>
    </Panel>
  )
}

function Outcome({ answer, isOld }: { readonly answer: Backtest; readonly isOld: boolean }) {
  const { from, to, observedMs, fired, firingMs, seriesSeen, series, seriesLeftOut } = answer
  const lengthMs = to - from
  const firingSeries = series.filter((one) => one.fired > 0).length
  return (
    <div className={cx(css['outcome'], isOld && css['old'])}>
      {isOld && <p className={cx(css['muted'])}>The rule has changed since. Replay again.</p>}
      <dl className={cx(css['figures'])}>
        <Figure name="Would have fired" value={fired === 0 ? 'never' : `${formatCount(fired)}×`} />
        <Figure name="Firing in all" value={firingMs === 0 ? '0 s' : formatDuration(firingMs)} />
        <Figure name="Series firing" value={`${formatCount(firingSeries)} of ${formatCount(seriesSeen)}`} />
        <Figure name="Time observed" value={formatRatio(lengthMs > 0 ? observedMs / lengthMs : 0)} />
      </dl>
      {observedMs === 0 && (
        <p className={cx(css['muted'])}>Nobody looked in this range, so nothing can be said of it.</p>
      )}
      <ul className={cx(css['series'])}>
        {series.map((one) => (
          <li key={JSON.stringify(one.labels)} className={cx(css['one'])}>
            <div className={cx(css['labels'])}>
              {Object.entries(one.labels).map(([name, value]) => (
                <LabelChip key={name} name={name} value={value} />
              ))}
              {Object.keys(one.labels).length === 0 && <span className={cx(css['muted'])}>without labels</span>}
            </div>
            <Picture answer={answer} one={one} />
            <p className={cx(css['muted'], css['counts'])}>{countsWords(one)}</p>
          </li>
        ))}
      </ul>
      {seriesLeftOut > 0 && (
        <p className={cx(css['muted'])}>{formatCount(seriesLeftOut)} further series are left out.</p>
      )}
      {series.length > 0 && (
        <p className={cx(css['legend'])} aria-hidden>
          <span className={cx(css['firing'])} /> firing <span className={cx(css['pending'])} /> pending{' '}
          <span className={cx(css['gap'])} /> nobody looked
        </p>
      )}
    </div>
  )
}

type Series = Backtest['series'][number]

const countsWords = ({ fired, firingMs, pendingMs, worst }: Series) =>
  [
    fired === 0 ? 'never fired' : `fired ${fired === 1 ? 'once' : `${formatCount(fired)} times`}`,
    ...(firingMs > 0 ? [`${formatDuration(firingMs)} firing`] : []),
    ...(pendingMs > 0 ? [`${formatDuration(pendingMs)} pending`] : []),
    ...(worst === null ? [] : [`worst value ${formatValue(worst, 'none')}`]),
  ].join(', ')

function Figure({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  )
}

/** To scale; read out as its counts, and each interval by its tooltip. */
function Picture({ answer, one }: { readonly answer: Backtest; readonly one: Series }) {
  const zone = useZone()
  const { from, to, unobserved } = answer
  const place = (interval: { readonly from: number; readonly to: number }) => ({
    insetInlineStart: `${((interval.from - from) / (to - from)) * 100}%`,
    inlineSize: `max(2px, ${((interval.to - interval.from) / (to - from)) * 100}%)`,
  })
  const told = (words: string, interval: { readonly from: number; readonly to: number }) =>
    `${words} from ${formatInstant(interval.from, zone)} to ${formatInstant(interval.to, zone)}, for ${formatDuration(interval.to - interval.from)}`
  return (
    <div className={cx(css['picture'])} role="img" aria-label={countsWords(one)}>
      {unobserved.map((gap) => (
        <span key={gap.from} className={cx(css['gap'])} style={place(gap)} title={told('Nobody looked', gap)} />
      ))}
      {one.intervals.map((interval) => (
        <span
          key={`${interval.state} ${interval.from}`}
          className={cx(css[interval.state])}
          style={place(interval)}
          title={told(interval.state === 'firing' ? 'Firing' : 'Pending', interval)}
        />
      ))}
    </div>
  )
}

const tierWords = { raw: 'samples as they came', '5m': '5-minute summaries', '1h': '1-hour summaries' } as const

function doneWords({ tiers, stepMs, durationMs }: Backtest): string {
  const history = [...new Set(tiers.map(({ tier }) => tierWords[tier]))].join(' and ')
  return `${history}, every ${formatDuration(stepMs)}, took ${formatDuration(durationMs)}`
}
