/**
 * Panels on the grid. While a board is edited they are moved by their heading and resized at their corner, with the mouse
 * or with the arrow keys; what was done is said to those who listen.
 */
import { ChevronDown, ChevronRight, MoveDiagonal2 } from 'lucide-react'
import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react'
import { interpolate } from '#shared/domain/dashboard/interpolate.ts'
import { moved, resized } from '#shared/domain/dashboard/layout.ts'
import { gridColumns, type Panel } from '#shared/domain/dashboard/panels.ts'
import type { ShownPanel } from '#shared/domain/dashboard/repeat.ts'
import type { ChartMark } from '../../charts/chart-content.ts'
import { cx } from '../../ui/class-names.ts'
import { Unseen } from '../../ui/unseen.tsx'
import css from './board.module.css'
import { type PanelActions, PanelFrame } from './panel-frame.tsx'
import type { PanelContext } from './use-panel-data.ts'

interface BoardGridProps {
  /** In reading order. */
  readonly panels: readonly ShownPanel[]
  readonly context: PanelContext
  readonly marks: readonly ChartMark[]
  readonly isEditing: boolean
  readonly isClosed: (row: Panel) => boolean
  readonly onToggleRow: (row: Panel) => void
  readonly actionsOf: (shown: ShownPanel) => PanelActions
  /** The panels as they lie after a move; `kind` is the same for all steps of one. */
  readonly onArrange: (panels: readonly Panel[], kind: string) => void
}

/** Of a grid line in pixels, without the gap. As Grafana has it, so that imported boards look as they did. */
const rowPx = 30
const gapPx = 8

interface Drag {
  readonly id: number
  readonly what: 'move' | 'resize'
  readonly fromX: number
  readonly fromY: number
  readonly panels: readonly Panel[]
  readonly grid: Panel['grid']
  /** A column with its gap, in pixels. */
  readonly columnPx: number
}

export function BoardGrid(props: BoardGridProps) {
  const { panels, context, marks, isEditing, isClosed, onToggleRow, actionsOf, onArrange } = props
  const root = useRef<HTMLDivElement>(null)
  const drag = useRef<Drag | null>(null)
  const [draggedId, setDraggedId] = useState<number | null>(null)
  const [said, setSaid] = useState('')
  const plain = panels.map(({ panel }) => panel)

  const begin = (panel: Panel, what: Drag['what']) => (event: PointerEvent<HTMLElement>) => {
    if (!isEditing || event.button !== 0 || !root.current) return
    if (event.target instanceof Element && event.target.closest('button, a, input')) {
      if (what === 'move') return
    }
    event.preventDefault()
    event.currentTarget.setPointerCapture(event.pointerId)
    const columnPx = (root.current.clientWidth + gapPx) / gridColumns
    drag.current = {
      id: panel.id,
      what,
      fromX: event.clientX,
      fromY: event.clientY,
      panels: plain,
      grid: panel.grid,
      columnPx,
    }
    setDraggedId(panel.id)
  }
  const drags = (event: PointerEvent<HTMLElement>) => {
    const at = drag.current
    if (!at) return
    const dx = Math.round((event.clientX - at.fromX) / at.columnPx)
    const dy = Math.round((event.clientY - at.fromY) / (rowPx + gapPx))
    const { x, y, w, h } = at.grid
    const next =
      at.what === 'move'
        ? moved(at.panels, at.id, { x: x + dx, y: y + dy })
        : resized(at.panels, at.id, { w: w + dx, h: Math.max(2, h + dy) })
    onArrange(next, `${at.what} ${at.id} ${at.fromX} ${at.fromY}`)
  }
  const end = () => {
    drag.current = null
    setDraggedId(null)
  }
  const press = (panel: Panel) => (event: KeyboardEvent<HTMLElement>) => {
    if (!isEditing || event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key]
    const actions = actionsOf({ key: String(panel.id), panel, scope: new Map() })
    if (event.key === 'Enter') {
      event.preventDefault()
      actions.onEdit?.()
    } else if (event.key === 'Delete') {
      event.preventDefault()
      actions.onRemove?.()
    } else if (step) {
      event.preventDefault()
      event.stopPropagation()
      const [dx = 0, dy = 0] = step
      const { x, y, w, h } = panel.grid
      const next = event.shiftKey
        ? resized(plain, panel.id, { w: w + dx, h: Math.max(2, h + dy) })
        : moved(plain, panel.id, { x: x + dx, y: dy > 0 ? nextDown(plain, panel) : y + dy })
      const grid = next.find(({ id }) => id === panel.id)?.grid ?? panel.grid
      const name = panel.title || 'The panel'
      setSaid(
        event.shiftKey
          ? `${name}: ${grid.w} columns wide, ${grid.h} lines high`
          : `${name}: column ${grid.x + 1}, line ${grid.y + 1}`,
      )
      onArrange(next, `keys ${panel.id} ${event.shiftKey}`)
    }
  }
  return (
    <>
      <div className={cx(css['grid'], isEditing && css['editing'])} ref={root}>
        {panels.map((shown) => {
          const { key, panel, scope } = shown
          const { x, y, w, h } = panel.grid
          const style = { gridColumn: `${x + 1} / span ${w}`, gridRow: `${y + 1} / span ${h}` }
          const inner = scope.size === 0 ? context : { ...context, scope: new Map([...context.scope, ...scope]) }
          if (panel.type === 'row') {
            const isOpen = !isClosed(panel)
            const Chevron = isOpen ? ChevronDown : ChevronRight
            return (
              <div key={key} className={cx(css['rowHead'])} style={style}>
                <button type="button" aria-expanded={isOpen} onClick={() => onToggleRow(panel)}>
                  <Chevron size={16} aria-hidden />
                  {interpolate(panel.title, inner.scope) || 'Row'}
                </button>
              </div>
            )
          }
          const isMovable = isEditing && !key.includes(':')
          return (
            <div
              key={key}
              className={cx(css['cell'], draggedId === panel.id && css['dragged'])}
              style={style}
              {...(isMovable
                ? {
                    tabIndex: 0,
                    role: 'group',
                    'aria-label': `${panel.title || 'Panel'}, movable`,
                    'aria-describedby': 'board-keys',
                    onKeyDown: press(panel),
                    onPointerDown: begin(panel, 'move'),
                    onPointerMove: drags,
                    onPointerUp: end,
                    onPointerCancel: end,
                  }
                : {})}
            >
              <PanelFrame panel={panel} context={inner} marks={marks} actions={actionsOf(shown)} isViewed={false} />
              {isMovable && (
                <span
                  className={cx(css['corner'])}
                  aria-hidden="true"
                  onPointerDown={(event) => {
                    event.stopPropagation()
                    begin(panel, 'resize')(event)
                  }}
                  onPointerMove={drags}
                  onPointerUp={end}
                  onPointerCancel={end}
                >
                  <MoveDiagonal2 size={14} />
                </span>
              )}
            </div>
          )
        })}
      </div>
      {isEditing && (
        <Unseen>
          <span id="board-keys">Arrow keys move it, with Shift they resize it. Enter edits it, Delete removes it.</span>
        </Unseen>
      )}
      <Unseen>
        <span role="status" aria-live="polite">
          {said}
        </span>
      </Unseen>
    </>
  )
}

/** Below the next panel underneath: anywhere higher, that one would give way and this one fall back. */
function nextDown(panels: readonly Panel[], { id, grid }: Panel): number {
  const below = panels.filter(
    (other) =>
      other.id !== id &&
      other.grid.y >= grid.y + grid.h &&
      other.grid.x < grid.x + grid.w &&
      grid.x < other.grid.x + other.grid.w,
  )
  const next = below.reduce<Panel | null>(
    (nearest, one) => (!nearest || one.grid.y < nearest.grid.y ? one : nearest),
    null,
  )
  return next ? next.grid.y + next.grid.h : grid.y + 1
}
