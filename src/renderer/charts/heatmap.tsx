/** How values are spread, step by step: the more fell into a bucket, the brighter its cell. Drawn on one canvas. */
import { type PointerEvent, useEffect, useRef, useState } from 'react'
import { formatInstant } from '../format/instant.ts'
import type { Unit } from '../format/unit.ts'
import { useAppearance, useZone } from '../theme/appearance.ts'
import { cx } from '../ui/class-names.ts'
import { ChartTable } from './chart-table.tsx'
import { drawSoon } from './frame-queue.ts'
import css from './heatmap.module.css'
import { type HeatmapRow, largestCount } from './heatmap-cells.ts'
import { formatReading } from './reading.ts'
import { tickLabel, timeTicks } from './time-ticks.ts'
import { useOnScreen } from './use-on-screen.ts'
import { useSize } from './use-size.ts'

interface HeatmapProps {
  readonly title: string
  /** Ascending, epoch ms. */
  readonly times: readonly number[]
  readonly stepMs: number
  readonly range: { readonly from: number; readonly to: number }
  /** Lowest bucket first. */
  readonly rows: readonly HeatmapRow[]
  /** Of the bounds of the buckets. */
  readonly unit: Unit
  readonly isTable: boolean
}

const axisWidth = 64
const axisHeight = 20
const leastTickPixels = 80
const labelHeight = 16

export function Heatmap({ title, times, stepMs, range, rows, unit, isTable }: HeatmapProps) {
  const zone = useZone()
  const theme = useAppearance((appearance) => appearance.resolvedTheme)
  const frame = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const isOnScreen = useOnScreen(frame)
  const { width, height } = useSize(frame)
  const [cell, setCell] = useState<{ readonly row: number; readonly step: number } | null>(null)

  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of theme must draw anew
  useEffect(() => {
    const drawnOn = canvas.current
    if (!drawnOn || !isOnScreen || isTable || width === 0) return
    return drawSoon(drawnOn, () => draw(drawnOn, { times, stepMs, range, rows, unit, zone, width, height }))
  }, [times, stepMs, range, rows, unit, zone, width, height, theme, isOnScreen, isTable])

  if (isTable) {
    const series = rows.map(({ label, counts }) => ({ id: label, label: boundWords(label, unit), values: counts }))
    return <ChartTable title={title} unit="none" times={times} series={series} height="100%" />
  }
  const point = (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    const share = (event.clientX - box.left - axisWidth) / (width - axisWidth)
    const at = range.from + share * (range.to - range.from)
    const step = Math.floor((at - (times[0] ?? 0)) / stepMs)
    const row = rows.length - 1 - Math.floor(((event.clientY - box.top) / (height - axisHeight)) * rows.length)
    setCell(share >= 0 && rows[row] && times[step] !== undefined ? { row, step } : null)
  }
  const read = cell && rows[cell.row]
  const readAt = cell ? times[cell.step] : undefined
  return (
    <div className={cx(css['heatmap'])}>
      <div className={cx(css['plot'])} ref={frame} onPointerMove={point} onPointerLeave={() => setCell(null)}>
        <canvas ref={canvas} role="img" aria-label={`${title}, heatmap; "Table" in its menu has its numbers`} />
      </div>
      <p className={cx(css['reading'])}>
        {read && cell && readAt !== undefined ? (
          <>
            {formatInstant(readAt, zone)} · up to {boundWords(read.label, unit)} ·{' '}
            <strong>{formatReading(read.counts[cell.step] ?? null, 'none')}</strong>
          </>
        ) : (
          <>0 to {formatReading(largestCount(rows), 'none')} in a cell</>
        )}
      </p>
    </div>
  )
}

interface Drawing extends Omit<HeatmapProps, 'title' | 'isTable'> {
  readonly zone: string
  readonly width: number
  readonly height: number
}

function draw(canvas: HTMLCanvasElement, drawing: Drawing): void {
  const { times, stepMs, range, rows, unit, zone, width, height } = drawing
  const ratio = devicePixelRatio
  canvas.width = Math.round(width * ratio)
  canvas.height = Math.round(height * ratio)
  const context = canvas.getContext('2d')
  if (!context) return
  const style = getComputedStyle(canvas)
  const most = largestCount(rows)
  const plotWidth = width - axisWidth
  const plotHeight = height - axisHeight
  const xOf = (at: number) => axisWidth + ((at - range.from) / (range.to - range.from)) * plotWidth
  const rowHeight = plotHeight / Math.max(1, rows.length)
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  context.clearRect(0, 0, width, height)
  context.fillStyle = style.getPropertyValue('--series-1')
  for (const [index, { counts }] of rows.entries()) {
    const top = plotHeight - (index + 1) * rowHeight
    for (const [step, at] of times.entries()) {
      const count = counts[step] ?? null
      if (count === null || count <= 0 || !Number.isFinite(count)) continue
      // Whole pixels: halves of neighbours would add up to stripes.
      const left = Math.round(Math.max(axisWidth, xOf(at)) * ratio) / ratio
      const right = Math.round(Math.min(width, xOf(at + stepMs)) * ratio) / ratio
      // The eye sees the square of what it is shown.
      context.globalAlpha = 0.08 + 0.92 * Math.sqrt(count / most)
      context.fillRect(left, top, Math.max(1 / ratio, right - left), rowHeight - 0.5)
    }
  }
  context.globalAlpha = 1
  context.fillStyle = style.getPropertyValue('--muted')
  context.font = `11px ${style.getPropertyValue('--font')}`
  context.textBaseline = 'middle'
  context.textAlign = 'right'
  const every = Math.max(1, Math.ceil(labelHeight / rowHeight))
  for (const [index, { label }] of rows.entries()) {
    if (index % every !== 0) continue
    context.fillText(boundWords(label, unit), axisWidth - 8, plotHeight - (index + 0.5) * rowHeight)
  }
  const ticks = timeTicks(range.from, range.to, Math.max(2, Math.floor(plotWidth / leastTickPixels)), zone)
  const tickMs = (ticks[1] ?? 0) - (ticks[0] ?? 0)
  context.textAlign = 'center'
  for (const at of ticks) context.fillText(tickLabel(at, tickMs, zone), xOf(at), height - axisHeight / 2 + 2)
}

function boundWords(label: string, unit: Unit): string {
  return Number.isFinite(Number(label)) ? formatReading(Number(label), unit) : label
}
