/** Rows and columns of any answer: sorted by any column, and only what is in sight is in the document. */
import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useMemo, useRef, useState } from 'react'
import { cx } from '../ui/class-names.ts'
import { Cell, HeaderCell, Row, type Sort } from '../ui/table.tsx'
import css from './data-table.module.css'

export interface DataColumn<R> {
  readonly id: string
  readonly title: string
  readonly text: (row: R) => string
  /** Makes it a column of numbers, sorted by them. Null: there is none, last in either direction. */
  readonly number?: (row: R) => number | null
  /** Instead of the text. */
  readonly draw?: (row: R) => ReactNode
  readonly widthPx?: number
}

interface DataTableProps<R> {
  readonly label: string
  readonly rows: readonly R[]
  readonly columns: readonly DataColumn<R>[]
  readonly height: number | string
  readonly initialSort?: Sort<string> | null
}

const rowHeight = 32
/** Fewer rows cost less than keeping track of which are in sight. */
const leastVirtual = 60

export function DataTable<R extends { readonly id: string }>(props: DataTableProps<R>) {
  const { label, rows, columns, height, initialSort = null } = props
  const scroller = useRef<HTMLElement>(null)
  const [sort, setSort] = useState<Sort<string> | null>(initialSort)
  const sorted = useMemo(() => sortedRows(rows, columns, sort), [rows, columns, sort])
  const isVirtual = sorted.length >= leastVirtual
  const virtual = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 12,
    enabled: isVirtual,
  })
  const seen = isVirtual ? virtual.getVirtualItems() : null
  const before = seen?.[0]?.start ?? 0
  const after = seen ? virtual.getTotalSize() - (seen.at(-1)?.end ?? 0) : 0
  const drawn = seen ? seen.flatMap(({ index }) => sorted[index] ?? []) : sorted
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
    <section className={cx(css['scroller'])} style={{ height }} aria-label={label} tabIndex={0} ref={scroller}>
      <table aria-label={label} aria-rowcount={sorted.length + 1}>
        <thead className={cx(css['head'])}>
          <tr>
            {columns.map((column) => (
              <HeaderCell
                key={column.id}
                column={column.id}
                onSort={setSort}
                isNumber={column.number !== undefined}
                {...(sort ? { sort } : {})}
                {...(column.widthPx === undefined ? {} : { width: column.widthPx })}
              >
                {column.title}
              </HeaderCell>
            ))}
          </tr>
        </thead>
        <tbody>
          {before > 0 && (
            <tr aria-hidden style={{ height: before }}>
              <td colSpan={columns.length} />
            </tr>
          )}
          {drawn.map((row) => (
            <Row key={row.id}>
              {columns.map((column) => (
                <Cell key={column.id} isNumber={column.number !== undefined} className={cx(css['cell'])}>
                  {column.draw ? column.draw(row) : column.text(row)}
                </Cell>
              ))}
            </Row>
          ))}
          {after > 0 && (
            <tr aria-hidden style={{ height: after }}>
              <td colSpan={columns.length} />
            </tr>
          )}
        </tbody>
      </table>
    </section>
  )
}

/** In the given order where nothing is sorted, and where two are alike. */
export function sortedRows<R>(
  rows: readonly R[],
  columns: readonly DataColumn<R>[],
  sort: Sort<string> | null,
): readonly R[] {
  const column = columns.find(({ id }) => id === sort?.column)
  if (!column || !sort) return rows
  const sign = sort.isDescending ? -1 : 1
  const { number } = column
  if (number) {
    return [...rows].sort((a, b) => {
      const [x, y] = [number(a), number(b)]
      if (!isNumber(x) || !isNumber(y)) return Number(isNumber(y)) - Number(isNumber(x))
      return sign * (x < y ? -1 : x > y ? 1 : 0)
    })
  }
  return [...rows].sort((a, b) => sign * collator.compare(column.text(a), column.text(b)))
}

const isNumber = (value: number | null): value is number => value !== null && !Number.isNaN(value)
const collator = new Intl.Collator('en', { numeric: true })
