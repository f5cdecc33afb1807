/** What was when, a row for each thing: bars that tell their state by mark, word and colour. Read bar by bar with the arrow keys. */
import { type KeyboardEvent, type PointerEvent, useState } from 'react'
import { formatDuration } from '../format/duration.ts'
import { formatInstant } from '../format/instant.ts'
import { useZone } from '../theme/appearance.ts'
import { cx } from '../ui/class-names.ts'
import { DataTable } from './data-table.tsx'
import { ReadingMark, stateWord } from './reading-mark.tsx'
import css from './state-rows.module.css'
import type { StateSpan } from './state-spans.ts'

export interface StateRow {
  readonly id: string
  readonly label: string
  /** Ascending; what was not observed is in none of them. */
  readonly spans: readonly StateSpan[]
}

interface StateRowsProps {
  readonly title: string
  readonly rows: readonly StateRow[]
  readonly range: { readonly from: number; readonly to: number }
  readonly showsValues: boolean
  /** Of the room there is for a row, 0..1. */
  readonly rowHeight: number
  readonly isTable: boolean
}

interface Cursor {
  readonly row: number
  readonly span: number
}

export function StateRows({ title, rows, range, showsValues, rowHeight, isTable }: StateRowsProps) {
  const zone = useZone()
  const [cursor, setCursor] = useState<Cursor | null>(null)
  if (isTable) return <SpanTable title={title} rows={rows} zone={zone} />
  const length = range.to - range.from
  const shareOf = (at: number) => (Math.min(range.to, Math.max(range.from, at)) - range.from) / length
  const read = cursor ? rows[cursor.row]?.spans[cursor.span] : undefined

  const point = (row: number) => (event: PointerEvent<HTMLElement>) => {
    const box = event.currentTarget.getBoundingClientRect()
    const at = range.from + ((event.clientX - box.left) / box.width) * length
    const span = rows[row]?.spans.findIndex(({ from, to }) => from <= at && at < to) ?? -1
    setCursor(span < 0 ? null : { row, span })
  }
  const press = (event: KeyboardEvent) => {
    const row = cursor?.row ?? 0
    const spans = rows[row]?.spans.length ?? 0
    const span = cursor?.span ?? spans
    const next = {
      ArrowLeft: { row, span: span - 1 },
      ArrowRight: { row, span: span + 1 },
      ArrowUp: { row: row - 1, span },
      ArrowDown: { row: row + 1, span },
      Home: { row, span: 0 },
      End: { row, span: spans - 1 },
    }[event.key]
    if (!next) return
    event.preventDefault()
    event.stopPropagation()
    const inRow = Math.max(0, Math.min(rows.length - 1, next.row))
    const last = (rows[inRow]?.spans.length ?? 1) - 1
    setCursor({ row: inRow, span: Math.max(0, Math.min(last, next.span)) })
  }
  const words = (row: StateRow | undefined, span: StateSpan | undefined) =>
    row && span
      ? `${row.label}: ${span.text} ${stateWord(span.state)} from ${formatInstant(span.from, zone)} for ${formatDuration(span.to - span.from)}`
      : 'nothing observed'
  const spoken = cursor ? words(rows[cursor.row], read) : words(rows[0], rows[0]?.spans.at(-1))
  return (
    <div className={cx(css['figure'])}>
      <div
        role="slider"
        tabIndex={0}
        aria-label={title}
        aria-readonly
        aria-valuemin={0}
        aria-valuemax={rows.reduce((sum, { spans }) => sum + spans.length, 0)}
        aria-valuenow={
          cursor ? rows.slice(0, cursor.row).reduce((sum, { spans }) => sum + spans.length, 0) + cursor.span : 0
        }
        aria-valuetext={spoken}
        className={cx(css['rows'])}
        onKeyDown={press}
        onBlur={() => setCursor(null)}
        onPointerLeave={() => setCursor(null)}
      >
        {rows.map((row, index) => (
          <div key={row.id} className={cx(css['row'])}>
            <span className={cx(css['label'])} title={row.label}>
              {row.label}
            </span>
            <div className={cx(css['bar'])} style={{ height: `${rowHeight * 100}%` }} onPointerMove={point(index)}>
              {row.spans.map((span, position) => {
                const left = shareOf(span.from)
                const width = shareOf(span.to) - left
                if (width <= 0) return null
                return (
                  <span
                    key={span.from}
                    className={cx(
                      css['span'],
                      css[span.state],
                      cursor?.row === index && cursor.span === position && css['read'],
                    )}
                    style={{ left: `${left * 100}%`, width: `${width * 100}%` }}
                  >
                    {showsValues && width > 0.06 && (
                      <span className={cx(css['text'])}>
                        <ReadingMark state={span.state} /> {span.text}
                      </span>
                    )}
                  </span>
                )
              })}
            </div>
          </div>
        ))}
      </div>
      <p className={cx(css['reading'])}>
        {read && cursor ? (
          <>
            <ReadingMark state={read.state} /> {words(rows[cursor.row], read)}
          </>
        ) : (
          <>
            <span>{formatInstant(range.from, zone)}</span>
            <span className={cx(css['end'])}>{formatInstant(range.to, zone)}</span>
          </>
        )}
      </p>
    </div>
  )
}

function SpanTable({
  title,
  rows,
  zone,
}: {
  readonly title: string
  readonly rows: readonly StateRow[]
  readonly zone: string
}) {
  const spans = rows.flatMap((row) =>
    row.spans.map((span) => ({ ...span, id: `${row.id} ${span.from}`, label: row.label })),
  )
  return (
    <DataTable
      label={title}
      height="100%"
      rows={spans}
      columns={[
        { id: 'name', title: 'Name', text: ({ label }) => label },
        { id: 'from', title: 'From', text: ({ from }) => formatInstant(from, zone) },
        { id: 'for', title: 'For', text: ({ from, to }) => formatDuration(to - from) },
        { id: 'state', title: 'State', text: ({ state }) => stateWord(state) },
        { id: 'value', title: 'Value', text: ({ text }) => text },
      ]}
    />
  )
}
