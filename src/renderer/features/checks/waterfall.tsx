/** Steps of one run in their places in time: what was done, how it ended, and where each one's time went. */
import type { StepEvidence } from '#shared/contract/evidence.ts'
import { seriesStyle } from '../../charts/series-colors.ts'
import { formatScaled, scaleFor } from '../../format/unit.ts'
import { cx } from '../../ui/class-names.ts'
import { StateMark } from '../../ui/state-mark.tsx'
import { phaseWord } from './check-words.ts'
import css from './waterfall.module.css'

const phaseNames = ['resolve', 'connect', 'tls', 'processing', 'transfer']

export function Waterfall({ steps }: { readonly steps: readonly StepEvidence[] }) {
  const wholeMs = Math.max(1, ...steps.map(({ startMs, durationMs }) => startMs + durationMs))
  const scale = scaleFor('milliseconds', wholeMs)
  const phases = phaseNames.filter((name) => steps.some((step) => step.phases.some((phase) => phase.name === name)))
  return (
    <div className={cx(css['waterfall'])}>
      <ol className={cx(css['rows'])}>
        {steps.map((step) => (
          <li key={step.name} className={cx(css['row'], step.outcome === 'skipped' && css['skipped'])}>
            <div className={cx(css['what'])}>
              <span className={cx(css['name'])}>
                {step.outcome === 'skipped' ? (
                  <span className={cx(css['unreached'])}>{step.name}</span>
                ) : (
                  <StateMark state={step.outcome} word={step.name} />
                )}
              </span>
              <code className={cx(css['line'])} title={step.line}>
                {step.line}
              </code>
            </div>
            <Bar step={step} wholeMs={wholeMs} />
            <span className={cx(css['duration'])}>
              {step.outcome === 'skipped' ? 'not reached' : formatScaled(step.durationMs, scale)}
            </span>
            {(step.outcome === 'down' || step.outcome === 'unknown' || step.outcome === 'degraded') && (
              <p className={cx(css['message'])}>{step.message}</p>
            )}
          </li>
        ))}
      </ol>
      {phases.length > 0 && (
        <ul className={cx(css['legend'])}>
          {phases.map((name) => (
            <li key={name}>
              <span className={cx(css['swatch'])} style={{ background: colorOf(name) }} />
              {phaseWord(name)}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}

function Bar({ step, wholeMs }: { readonly step: StepEvidence; readonly wholeMs: number }) {
  const share = (ms: number) => `${(ms / wholeMs) * 100}%`
  return (
    <div className={cx(css['track'])} aria-hidden="true">
      {step.outcome !== 'skipped' && (
        <div
          className={cx(css['bar'])}
          style={{ marginInlineStart: share(step.startMs), width: share(step.durationMs) }}
        >
          {step.phases.map(({ name, durationMs }) => (
            <span
              key={name}
              style={{
                width: `${step.durationMs === 0 ? 0 : (durationMs / step.durationMs) * 100}%`,
                background: colorOf(name),
              }}
            />
          ))}
        </div>
      )}
    </div>
  )
}

function colorOf(phase: string): string {
  return `var(${seriesStyle(Math.max(0, phaseNames.indexOf(phase))).token})`
}
