/**
 * The pointer on a chart: while it is there all charts hold still and show its instant, and dragging brushes a stretch.
 * Draws the overlay only; the lines below are never touched.
 */
import { type PointerEvent, type RefObject, useCallback, useEffect, useRef } from 'react'
import { useRangeStore } from '../time-range/range-store.ts'
import type { ChartMark } from './chart-content.ts'
import type { ChartView } from './chart-view.ts'
import { crosshair } from './crosshair.ts'
import { drawOverlay } from './overlay.ts'

/** Less than this many pixels is a click that shook. */
const leastBrushPixels = 6

/** A pointer that rests this long was left behind, and holds nothing any more. */
const idleMs = 20_000

interface PlotPointer {
  readonly redraw: () => void
  /** For the element around the canvases. */
  readonly handlers: {
    readonly onPointerEnter: () => void
    readonly onPointerLeave: () => void
    readonly onPointerMove: (event: PointerEvent<HTMLElement>) => void
    readonly onPointerDown: (event: PointerEvent<HTMLElement>) => void
    readonly onPointerUp: () => void
    readonly onPointerCancel: () => void
  }
}

export function usePlotPointer(
  view: RefObject<ChartView | null>,
  overlay: RefObject<HTMLCanvasElement | null>,
  isOnScreen: boolean,
  marks: readonly ChartMark[],
  onBrush: ((range: { readonly from: number; readonly to: number }) => void) | undefined,
): PlotPointer {
  const brush = useRef<{ readonly fromX: number; toX: number } | null>(null)
  const redraw = useCallback(() => {
    if (overlay.current && view.current) drawOverlay(overlay.current, view.current, crosshair.at, brush.current, marks)
  }, [overlay, view, marks])
  useEffect(() => (isOnScreen ? crosshair.subscribe(redraw) : undefined), [isOnScreen, redraw])
  // A chart that goes away under the pointer is never left.
  useEffect(() => leave, [])

  const xOf = (event: PointerEvent<HTMLElement>) => {
    const { left, right } = view.current?.area ?? { left: 0, right: 0 }
    return Math.min(right, Math.max(left, event.clientX - event.currentTarget.getBoundingClientRect().left))
  }
  const finish = () => {
    const brushed = brush.current
    brush.current = null
    redraw()
    if (!view.current || !brushed || Math.abs(brushed.toX - brushed.fromX) < leastBrushPixels) return
    const from = view.current.instantAt(Math.min(brushed.fromX, brushed.toX))
    const to = view.current.instantAt(Math.max(brushed.fromX, brushed.toX))
    onBrush?.({ from: Math.floor(from), to: Math.ceil(to) })
  }
  return {
    redraw,
    handlers: {
      onPointerEnter: stay,
      onPointerLeave: () => {
        if (!brush.current) leave()
      },
      onPointerMove(event) {
        if (!view.current) return
        stay()
        const x = xOf(event)
        if (brush.current) brush.current.toX = x
        crosshair.set(view.current.instantAt(x))
        if (brush.current) redraw()
      },
      onPointerDown(event) {
        if (!onBrush || event.button !== 0) return
        event.currentTarget.setPointerCapture(event.pointerId)
        brush.current = { fromX: xOf(event), toX: xOf(event) }
      },
      onPointerUp: finish,
      onPointerCancel() {
        brush.current = null
        redraw()
      },
    },
  }
}

let idleTimer: ReturnType<typeof setTimeout> | undefined

function stay(): void {
  const { heldAt, hold } = useRangeStore.getState()
  if (heldAt === null) hold(Date.now())
  clearTimeout(idleTimer)
  idleTimer = setTimeout(leave, idleMs)
}

function leave(): void {
  clearTimeout(idleTimer)
  crosshair.set(null)
  useRangeStore.getState().release()
}
