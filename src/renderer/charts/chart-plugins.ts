/** What stands around the lines of a chart: thresholds, meaningful stretches, what happened, and the lines' names. */
import type { Chart, Plugin } from 'chart.js'
import { type ChartContent, signOf } from './chart-content.ts'
import { tokenOf } from './chart-datasets.ts'
import { newestOf } from './column-math.ts'
import { placeLabels } from './end-labels.ts'

interface Given {
  readonly content: () => ChartContent | null
  readonly css: (token: string) => string
  readonly font: { readonly family: string; readonly size: number }
}

/** More lines than these, or a narrower chart, leave no room for names at their ends; the legend has them all. */
const mostEndLabels = 4
const leastLabelledWidth = 420
/** Longer names stay in the legend: cut ones could not be told apart. */
const widestEndLabel = 100
const endLabelGap = 10
/** Pixels. */
const markHeight = 3

export function bandsPlugin({ content, css }: Given): Plugin {
  return {
    id: 'bands',
    beforeDatasetsDraw({ ctx, chartArea, scales }) {
      const { bands = [], marks = [] } = content() ?? {}
      const y = scales['y']
      const x = scales['x']
      if (!y || !x) return
      ctx.save()
      for (const { from, to, token } of bands) {
        const top = Math.max(chartArea.top, Number.isFinite(to) ? y.getPixelForValue(to) : chartArea.top)
        const bottom = Math.min(chartArea.bottom, Number.isFinite(from) ? y.getPixelForValue(from) : chartArea.bottom)
        if (bottom <= top) continue
        ctx.globalAlpha = 0.12
        ctx.fillStyle = css(token)
        ctx.fillRect(chartArea.left, top, chartArea.right - chartArea.left, bottom - top)
      }
      for (const { from, to, token } of marks) {
        const start = x.getPixelForValue(from)
        const end = x.getPixelForValue(to ?? from)
        if (start > chartArea.right || end < chartArea.left) continue
        ctx.fillStyle = css(token)
        ctx.strokeStyle = css(token)
        ctx.globalAlpha = 0.9
        const left = Math.max(chartArea.left, start)
        // How long it was: a bar on the axis, for areas on top of each other would hide the lines.
        if (to !== null) ctx.fillRect(left, chartArea.bottom - 1, Math.min(chartArea.right, end) - left, markHeight)
        if (start < chartArea.left) continue
        ctx.setLineDash([2, 3])
        ctx.beginPath()
        ctx.moveTo(Math.round(start) + 0.5, chartArea.top)
        ctx.lineTo(Math.round(start) + 0.5, chartArea.bottom)
        ctx.stroke()
        ctx.setLineDash([])
        ctx.beginPath()
        ctx.moveTo(start - 4, chartArea.bottom + 6)
        ctx.lineTo(start + 4, chartArea.bottom + 6)
        ctx.lineTo(start, chartArea.bottom)
        ctx.fill()
      }
      ctx.restore()
    },
  }
}

export function thresholdsPlugin({ content, css, font }: Given): Plugin {
  return {
    id: 'thresholds',
    afterDatasetsDraw({ ctx, chartArea, scales }) {
      for (const { value, label, tone } of content()?.thresholds ?? []) {
        const y = scales['y']?.getPixelForValue(value) ?? Number.NaN
        if (!(y >= chartArea.top && y <= chartArea.bottom)) continue
        ctx.save()
        ctx.strokeStyle = css(tone === 'down' ? '--down' : '--degraded-edge')
        ctx.fillStyle = css('--text')
        ctx.font = `${font.size}px ${font.family}`
        ctx.setLineDash([4, 4])
        ctx.beginPath()
        ctx.moveTo(chartArea.left, y)
        ctx.lineTo(chartArea.right, y)
        ctx.stroke()
        ctx.fillText(label, chartArea.left + 6, y - 4)
        ctx.restore()
      }
    },
  }
}

/** Pixels beside the plot for the names of its lines; 0 where they are left to the legend. */
export function endLabelRoom({ series, bareStrokePx }: ChartContent, chart: Chart, font: Given['font']): number {
  if (
    bareStrokePx !== undefined ||
    series.length < 2 ||
    series.length > mostEndLabels ||
    series.some(({ axis }) => axis === 'right') ||
    chart.canvas.clientWidth < leastLabelledWidth
  )
    return 0
  chart.ctx.font = `${font.size}px ${font.family}`
  const widest = Math.max(...series.map(({ label }) => chart.ctx.measureText(label).width))
  return widest <= widestEndLabel ? endLabelGap + Math.ceil(widest) + 2 : 0
}

export function endLabelsPlugin({ content, css, font }: Given): Plugin {
  return {
    id: 'endLabels',
    afterDatasetsDraw(chart) {
      const { ctx, chartArea, scales } = chart
      const y = scales['y']
      const shown = content()
      if (!shown || !y || endLabelRoom(shown, chart, font) === 0) return
      const ends = lineEnds(shown).map(({ text, value, token }) => ({ text, token, y: y.getPixelForValue(value) }))
      ctx.save()
      ctx.font = `${font.size}px ${font.family}`
      ctx.textBaseline = 'middle'
      for (const label of placeLabels(ends, chartArea.top + 4, chartArea.bottom - 4)) {
        ctx.fillStyle = css(label.token)
        ctx.fillRect(chartArea.right + 4, label.y - 5, 2, 10)
        ctx.fillStyle = css('--muted')
        ctx.fillText(label.text, chartArea.right + endLabelGap, label.y)
      }
      ctx.restore()
    },
  }
}

/** Each line's name at its newest value; in a stack, at the middle of its band. Lines without a value have no end. */
function lineEnds({ series, look }: ChartContent): { text: string; value: number; token: string }[] {
  const isStacked = look.stacking === 'normal' || look.stacking === 'percent'
  const sum = series.reduce((all, { values }) => all + (newestOf(values) ?? 0), 0)
  const share = look.stacking === 'percent' && sum > 0 ? 1 / sum : 1
  let below = 0
  return series.flatMap((one, index) => {
    const known = newestOf(one.values)
    if (known === null || !Number.isFinite(known)) return []
    const newest = signOf(one) * known
    const value = isStacked ? below + (newest * share) / 2 : newest
    if (isStacked) below += newest * share
    return [{ text: one.label, value, token: tokenOf(one, index) }]
  })
}
