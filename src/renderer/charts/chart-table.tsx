import { formatInstant } from '../format/instant.ts'
import type { Unit } from '../format/unit.ts'
import { useZone } from '../theme/appearance.ts'
import { cx } from '../ui/class-names.ts'
import { Cell, HeaderCell, Row, Table } from '../ui/table.tsx'
import type { ChartMark, ChartSeries } from './chart-content.ts'
import { formatReading } from './reading.ts'
import css from './time-series-chart.module.css'

/** More rows than this are thinned out: nobody reads them, and they cost time to lay out. */
const mostRows = 240

interface ChartTableProps {
  readonly title: string
  readonly unit: Unit
  readonly times: readonly number[]
  readonly series: readonly ChartSeries[]
  readonly height: number | string
  readonly suffix?: string
  readonly marks?: readonly ChartMark[]
}

/** The chart's numbers, newest first. */
export function ChartTable({ title, unit, times, series, height, suffix = '', marks = [] }: ChartTableProps) {
  const zone = useZone()
  const every = Math.max(1, Math.ceil(times.length / mostRows))
  const rows = times
    .map((at, index) => ({ at, index }))
    .filter(({ index }) => (times.length - 1 - index) % every === 0)
    .reverse()
  return (
    <div className={cx(css['table'])} style={{ height }}>
      <Table label={every > 1 ? `${title}, every ${every}th step` : title}>
        <thead>
          <tr>
            <HeaderCell>Time</HeaderCell>
            {series.map(({ id, label }) => (
              <HeaderCell key={id} isNumber>
                {label}
              </HeaderCell>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ at, index }) => (
            <Row key={at}>
              <Cell>{formatInstant(at, zone)}</Cell>
              {series.map(({ id, values }) => (
                <Cell key={id} isNumber>
                  {formatReading(values[index] ?? null, unit, suffix)}
                </Cell>
              ))}
            </Row>
          ))}
        </tbody>
      </Table>
      {marks.length > 0 && (
        <ul className={cx(css['marks'])} aria-label={`What happened during ${title}`}>
          {marks.map((mark) => (
            <li key={mark.id}>
              {formatInstant(mark.from, zone)}
              {mark.to !== null && ` – ${formatInstant(mark.to, zone)}`} {mark.title}
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
