/** Where the time of one attempt went: its phases to scale, in the order they happened, each with its length. */
import type { Phase } from '#shared/contract/checks.ts'
import { seriesStyle } from '../../charts/series-colors.ts'
import { formatScaled, scaleFor } from '../../format/unit.ts'
import { cx } from '../../ui/class-names.ts'
import { phaseWord } from './check-words.ts'
import css from './phases-bar.module.css'

interface PhasesBarProps {
  readonly phases: readonly Phase[]
  /** Of the whole attempt; what no phase accounts for stays empty. */
  readonly durationMs: number
}

export function PhasesBar({ phases, durationMs }: PhasesBarProps) {
  if (phases.length === 0) return null
  const sum = phases.reduce((total, phase) => total + phase.durationMs, 0)
  const whole = Math.max(durationMs, sum)
  const scale = scaleFor('milliseconds', whole)
  return (
    <div>
      <div className={cx(css['bar'])} aria-hidden="true">
        {phases.map(({ name, durationMs }, index) => (
          <span
            key={name}
            className={cx(css['phase'])}
            style={{
              width: whole === 0 ? 0 : `${(durationMs / whole) * 100}%`,
              background: `var(${seriesStyle(index).token})`,
              opacity: index < 4 ? 1 : 0.6,
            }}
          />
        ))}
      </div>
      <dl className={cx(css['legend'])}>
        {phases.map(({ name, durationMs }, index) => (
          <div key={name} className={cx(css['entry'])}>
            <dt>
              <span
                className={cx(css['swatch'])}
                style={{ background: `var(${seriesStyle(index).token})`, opacity: index < 4 ? 1 : 0.6 }}
              />
              {phaseWord(name)}
            </dt>
            <dd>{formatScaled(durationMs, scale)}</dd>
          </div>
        ))}
        <div className={cx(css['entry'], css['total'])}>
          <dt>Total</dt>
          <dd>{formatScaled(durationMs, scale)}</dd>
        </div>
      </dl>
    </div>
  )
}
