import { formatInstant } from '../format/instant.ts'
import { formatScaled, scaleFor, type Unit } from '../format/unit.ts'
import { useZone } from '../theme/appearance.ts'
import { cx } from '../ui/class-names.ts'
import { Cell, HeaderCell, Row, Table } from '../ui/table.tsx'
import type { ChartSeries } from './chart-view.ts'
import css from './time-series-chart.module.css'

/** More rows than this are thinned out: nobody reads them, and they cost time to lay out. */
const mostRows = 240

interface ChartTableProps {
  readonly title: string
  readonly unit: Unit
  readonly times: readonly number[]
  readonly series: readonly ChartSeries[]
  readonly height: number
}

/** The chart's numbers, newest first. */
export function ChartTable({ title, unit, times, series, height }: ChartTableProps) {
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
                  {formatScaled(values[index] ?? null, scaleFor(unit, values[index] ?? 0))}
                </Cell>
              ))}
            </Row>
          ))}
        </tbody>
      </Table>
    </div>
  )
}
