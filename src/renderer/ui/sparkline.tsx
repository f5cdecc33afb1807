import { memo } from 'react'
import { cx } from './class-names.ts'
import css from './sparkline.module.css'

interface SparklineProps {
  /** Oldest first, equally spaced; null where nothing was observed: drawn as a gap. */
  readonly values: readonly (number | null)[]
  /** Read out in place of the picture. */
  readonly label: string
  readonly width?: number
  readonly height?: number
  /** The value at the top edge. Default: the largest value. The bottom edge is always 0. */
  readonly top?: number
  readonly isFilled?: boolean
}

/** A line without axes: the shape of the last hours beside a number that says how much. */
export const Sparkline = memo(function Sparkline(props: SparklineProps) {
  const { values, label, width = 96, height = 20, isFilled = false } = props
  const largest = props.top ?? values.reduce<number>((top, value) => Math.max(top, value ?? 0), 0)
  const runs = runsOf(values, width, height, largest)
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      className={cx(css['sparkline'])}
      style={{ height }}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {isFilled && (
        <path
          className={cx(css['area'])}
          d={runs
            .map(
              (run) =>
                `M${run[0]?.x} ${height}${run.map(({ x, y }) => `L${x} ${y}`).join('')}L${run.at(-1)?.x} ${height}Z`,
            )
            .join('')}
        />
      )}
      <path className={cx(css['line'])} d={runs.map(lineOf).join('')} />
    </svg>
  )
})

interface Point {
  readonly x: number
  readonly y: number
}

function lineOf(run: readonly Point[]): string {
  const first = run[0]
  if (!first) return ''
  // A single point between two gaps would not be seen.
  if (run.length === 1) return `M${first.x - 0.75} ${first.y}h1.5`
  return `M${run.map(({ x, y }) => `${x} ${y}`).join('L')}`
}

function runsOf(values: readonly (number | null)[], width: number, height: number, largest: number): Point[][] {
  const runs: Point[][] = []
  let open: Point[] | null = null
  const pitch = width / Math.max(1, values.length - 1)
  for (const [index, value] of values.entries()) {
    if (value === null) {
      open = null
      continue
    }
    if (!open) {
      open = []
      runs.push(open)
    }
    const share = largest > 0 ? Math.min(1, Math.max(0, value / largest)) : 0
    open.push({ x: round(index * pitch), y: round(height - 1 - share * (height - 2)) })
  }
  return runs
}

const round = (value: number) => Math.round(value * 10) / 10
