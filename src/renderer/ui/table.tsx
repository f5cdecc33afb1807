/** The parts of a plain, dense table. Long tables are virtualised by their own feature with the same parts. */
import { ArrowDown, ArrowUp } from 'lucide-react'
import type { HTMLAttributes, ReactNode, TdHTMLAttributes } from 'react'
import { cx } from './class-names.ts'
import css from './table.module.css'

export interface Sort<Column extends string> {
  readonly column: Column
  readonly isDescending: boolean
}

/** Scrolls sideways by itself when it is too narrow. */
export function Table({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
    <section className={cx(css['scroller'])} aria-label={label} tabIndex={0}>
      <table className={cx(css['table'])} aria-label={label}>
        {children}
      </table>
    </section>
  )
}

export interface HeaderCellProps<Column extends string> {
  readonly children: ReactNode
  readonly isNumber?: boolean
  readonly width?: number | string
  readonly className?: string | undefined
  /** With these three the header sorts. */
  readonly column?: Column
  readonly sort?: Sort<Column>
  readonly onSort?: (sort: Sort<Column>) => void
}

export function HeaderCell<Column extends string>(props: HeaderCellProps<Column>) {
  const { children, isNumber, width, className, column, sort, onSort } = props
  const isSorted = column !== undefined && sort?.column === column
  const Arrow = sort?.isDescending ? ArrowDown : ArrowUp
  return (
    <th
      scope="col"
      className={cx(css['header'], isNumber && css['number'], className)}
      {...(width === undefined ? {} : { style: { width } })}
      {...(isSorted ? { 'aria-sort': sort.isDescending ? 'descending' : 'ascending' } : {})}
    >
      {column !== undefined && onSort ? (
        <button
          type="button"
          className={cx(css['sorter'], isSorted && css['sorted'])}
          onClick={() => onSort({ column, isDescending: isSorted ? !sort.isDescending : Boolean(isNumber) })}
        >
          {children}
          {isSorted && <Arrow size={12} aria-hidden />}
        </button>
      ) : (
        children
      )}
    </th>
  )
}

interface RowProps extends HTMLAttributes<HTMLTableRowElement> {
  /** Where the keyboard is. */
  readonly isCurrent?: boolean
  readonly isSelected?: boolean
}

export function Row({ isCurrent, isSelected, className, ...rest }: RowProps) {
  return (
    <tr
      {...rest}
      className={cx(css['row'], isCurrent && css['current'], isSelected && css['selected'], className)}
      {...(isSelected === undefined ? {} : { 'aria-selected': isSelected })}
    />
  )
}

interface CellProps extends TdHTMLAttributes<HTMLTableCellElement> {
  readonly isNumber?: boolean
  /** One line, cut with an ellipsis. */
  readonly isCut?: boolean
  readonly isMuted?: boolean
}

export function Cell({ isNumber, isCut, isMuted, className, ...rest }: CellProps) {
  return (
    <td
      {...rest}
      className={cx(css['cell'], isNumber && css['number'], isCut && css['cut'], isMuted && css['muted'], className)}
    />
  )
}
