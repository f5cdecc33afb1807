import { useMemo } from 'react'
import type { WallChart, WallContent } from '#shared/contract/walls.ts'
import { newestOf } from '../../../charts/column-math.ts'
import { seriesStyle } from '../../../charts/series-colors.ts'
import { TimeSeriesChart } from '../../../charts/time-series-chart.tsx'
import { formatDuration } from '../../../format/duration.ts'
import { formatValue } from '../../../format/unit.ts'
import { cx } from '../../../ui/class-names.ts'
import css from '../wall.module.css'
import type { WallSize } from '../wall-size.ts'
import { Nothing } from './nothing.tsx'

/** In units: what stands above each chart, and the paddings around it. */
const headUnits = 3.7
const gapUnits = 0.4

/** One chart, or several side by side: the newest values in figures, and the lines that led to them. */
export function ChartsPage(props: {
  readonly content: Extract<WallContent, { kind: 'charts' }>
  readonly size: WallSize
}) {
  const { content, size } = props
  const { charts } = content
  const rowsThatFit = Math.max(1, Math.floor(size.bodyHeightPx / size.unitPx / (headUnits + 2)))
  const columns = charts.length > 1 && size.bodyWidthPx / size.unitPx > 20 ? 2 : 1
  const shown = charts.slice(0, columns * rowsThatFit)
  const rows = Math.max(1, Math.ceil(shown.length / columns))
  const heightPx = (size.bodyHeightPx - (rows - 1) * gapUnits * size.unitPx) / rows - headUnits * size.unitPx
  return (
    <div className={cx(css['charts'])} style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}>
      {shown.map((chart) => (
        <Chart key={chart.title} chart={chart} heightPx={Math.max(40, heightPx)} strokePx={size.unitPx / 12} />
      ))}
    </div>
  )
}

function Chart(props: { readonly chart: WallChart; readonly heightPx: number; readonly strokePx: number }) {
  const { chart, heightPx, strokePx } = props
  const { title, unit, series, times, stepMs, range, max } = chart
  const lines = useMemo(() => series.map(({ label, values }) => ({ id: label, label, values })), [series])
  const hasValues = lines.some(({ values }) => newestOf(values) !== null)
  return (
    <section className={cx(css['chart'])} aria-label={title}>
      <h2 className={cx(css['chartTitle'])}>
        {title}
        <span className={cx(css['quiet'])}>{formatDuration(range.to - range.from)}</span>
      </h2>
      <p className={cx(css['values'])}>
        {lines.map(({ id, label, values }, index) => (
          <span key={id} className={cx(css['value'])}>
            <span className={cx(css['swatch'])} style={{ background: `var(${seriesStyle(index).token})` }} />
            {lines.length > 1 && <span className={cx(css['quiet'])}>{label}</span>}
            <strong>{formatValue(newestOf(values), unit)}</strong>
          </span>
        ))}
      </p>
      {hasValues ? (
        <TimeSeriesChart
          title={title}
          unit={unit}
          times={times}
          stepMs={stepMs}
          series={lines}
          range={range}
          height={heightPx}
          bareStrokePx={strokePx}
          {...(max === null ? {} : { max })}
        />
      ) : (
        <Nothing title="Nothing was measured" />
      )}
    </section>
  )
}
