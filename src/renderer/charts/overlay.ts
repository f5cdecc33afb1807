/** Draws what follows the pointer, on its own canvas: the crosshair, and the stretch that is being brushed. */
import type { ChartMark } from './chart-content.ts'
import type { ChartView } from './chart-view.ts'

export function drawOverlay(
  canvas: HTMLCanvasElement,
  view: ChartView,
  at: number | null,
  brush: { readonly fromX: number; readonly toX: number } | null,
  marks: readonly ChartMark[] = [],
): void {
  const ratio = devicePixelRatio
  const { clientWidth, clientHeight } = canvas
  if (canvas.width !== Math.round(clientWidth * ratio)) canvas.width = Math.round(clientWidth * ratio)
  if (canvas.height !== Math.round(clientHeight * ratio)) canvas.height = Math.round(clientHeight * ratio)
  const context = canvas.getContext('2d')
  if (!context) return
  const style = getComputedStyle(canvas)
  const { left, right, top, bottom } = view.area
  context.setTransform(ratio, 0, 0, ratio, 0, 0)
  context.clearRect(0, 0, clientWidth, clientHeight)
  if (brush) {
    context.globalAlpha = 0.18
    context.fillStyle = style.getPropertyValue('--focus')
    context.fillRect(Math.min(brush.fromX, brush.toX), top, Math.abs(brush.toX - brush.fromX), bottom - top)
    context.globalAlpha = 1
  }
  if (at === null) return
  const x = Math.round(view.pixelOf(at)) + 0.5
  if (x < left || x > right) return
  context.strokeStyle = style.getPropertyValue('--muted')
  context.beginPath()
  context.moveTo(x, top)
  context.lineTo(x, bottom)
  context.stroke()
  const near = marks.find(
    ({ from, to }) => Math.abs(view.pixelOf(from) - x) <= nearPixels || (to !== null && from <= at && at < to),
  )
  if (!near) return
  context.font = `11px ${style.getPropertyValue('--font')}`
  const width = Math.min(context.measureText(near.title).width + 12, right - left)
  const labelX = Math.max(left, Math.min(x + 4, right - width))
  context.fillStyle = style.getPropertyValue('--raised')
  context.fillRect(labelX, top, width, 18)
  context.fillStyle = style.getPropertyValue('--text')
  context.fillText(near.title, labelX + 6, top + 13, width - 12)
}

/** Pointing at a mark to the pixel would be a game of skill. */
const nearPixels = 5
