/**
 * The list of checks as a table whose rows exist only while they are in sight: ten thousand scroll like forty. It
 * reports what is in sight, so that histories are asked for those rows alone.
 */
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useEffectEvent, useMemo, useRef } from 'react'
import type { CheckHistory, CheckView } from '#shared/contract/checks.ts'
import { useAppearance } from '../../theme/appearance.ts'
import { cx } from '../../ui/class-names.ts'
import { Checkbox } from '../../ui/fields.tsx'
import { HeaderCell, type Sort } from '../../ui/table.tsx'
import type { CheckColumn } from './check-order.ts'
import { CheckRow } from './check-row.tsx'
import css from './check-table.module.css'

interface CheckTableProps {
  readonly checks: readonly CheckView[]
  readonly histories: ReadonlyMap<string, CheckHistory>
  readonly sort: Sort<CheckColumn>
  readonly onSort: (sort: Sort<CheckColumn>) => void
  readonly selected: ReadonlySet<string>
  readonly onSelect: (ids: ReadonlySet<string>) => void
  /** The check the keyboard is at. */
  readonly currentId: string | null
  /** Ids in sight, with a few around them. */
  readonly onInSight: (checks: readonly CheckView[]) => void
}

const rowHeights = { comfortable: 36, compact: 28 } as const
const overscan = 8
const settleMs = 60

export function CheckTable(props: CheckTableProps) {
  const { checks, histories, sort, onSort, selected, onSelect, currentId, onInSight } = props
  const density = useAppearance((appearance) => appearance.density)
  const scroller = useRef<HTMLElement>(null)
  const anchor = useRef<string | null>(null)
  const virtual = useVirtualizer({
    count: checks.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeights[density],
    overscan,
    getItemKey: (index) => checks[index]?.id ?? index,
  })
  const rows = virtual.getVirtualItems()
  const first = rows[0]
  const last = rows.at(-1)

  // biome-ignore lint/correctness/useExhaustiveDependencies: rows have another height in another density
  useEffect(() => virtual.measure(), [virtual, density])
  const [from, to] = [first?.index ?? 0, (last?.index ?? -1) + 1]
  const inSight = useMemo(() => checks.slice(from, to), [checks, from, to])
  useEffect(() => {
    // Rows that are only scrolled past are nobody's business.
    const timer = setTimeout(() => onInSight(inSight), settleMs)
    return () => clearTimeout(timer)
  }, [inSight, onInSight])
  const follow = useEffectEvent((id: string | null) => {
    const index = checks.findIndex((check) => check.id === id)
    if (index >= 0) virtual.scrollToIndex(index, { align: 'auto' })
  })
  useEffect(() => follow(currentId), [currentId])

  const selectedHere = checks.filter(({ id }) => selected.has(id)).length
  const choose = (id: string, isRange: boolean) => {
    const next = new Set(selected)
    const ids = isRange && anchor.current ? idsBetween(checks, anchor.current, id) : [id]
    const isAdding = isRange || !selected.has(id)
    for (const each of ids) {
      if (isAdding) next.add(each)
      else next.delete(each)
    }
    anchor.current = id
    onSelect(next)
  }
  const header = { sort, onSort }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
    <section ref={scroller} className={cx(css['scroller'])} aria-label="Checks" tabIndex={0}>
      <table className={cx(css['table'])} aria-label="Checks" aria-rowcount={checks.length + 1}>
        <thead className={cx(css['head'])}>
          <tr>
            <th scope="col" className={cx(css['pick'])}>
              <Checkbox
                label="Select all that are shown"
                isLabelHidden
                isChecked={checks.length > 0 && selectedHere === checks.length}
                isMixed={selectedHere > 0 && selectedHere < checks.length}
                onChange={(isChecked) => onSelect(isChecked ? new Set(checks.map(({ id }) => id)) : new Set())}
              />
            </th>
            <HeaderCell {...header} column="state" width={136}>
              State
            </HeaderCell>
            <HeaderCell {...header} column="name">
              Check
            </HeaderCell>
            <HeaderCell className={cx(css['beats'])}>Last 24 h</HeaderCell>
            <HeaderCell {...header} column="uptime" isNumber width={88}>
              Up 24 h
            </HeaderCell>
            <HeaderCell isNumber width={80} className={cx(css['spare'])}>
              7 d
            </HeaderCell>
            <HeaderCell isNumber width={80} className={cx(css['spare'])}>
              30 d
            </HeaderCell>
            <HeaderCell {...header} column="latency" isNumber className={cx(css['latencyHead'])}>
              Latency
            </HeaderCell>
            <HeaderCell {...header} column="certificate" isNumber width={96}>
              Certificate
            </HeaderCell>
            <HeaderCell {...header} column="next" isNumber width={80}>
              Next run
            </HeaderCell>
          </tr>
        </thead>
        <tbody>
          {first && first.start > 0 && <Spacer height={first.start} />}
          {rows.map(({ index }) => {
            const check = checks[index]
            if (!check) return null
            return (
              <CheckRow
                key={check.id}
                check={check}
                history={histories.get(check.id) ?? null}
                rowNumber={index + 2}
                height={rowHeights[density]}
                isSelected={selected.has(check.id)}
                isCurrent={check.id === currentId}
                onChoose={choose}
              />
            )
          })}
          {last && last.end < virtual.getTotalSize() && <Spacer height={virtual.getTotalSize() - last.end} />}
        </tbody>
      </table>
    </section>
  )
}

/** Holds the place of rows out of sight. */
function Spacer({ height }: { readonly height: number }) {
  return (
    <tr>
      <td colSpan={10} style={{ height, padding: 0 }} />
    </tr>
  )
}

function idsBetween(checks: readonly CheckView[], one: string, other: string): readonly string[] {
  const ids = checks.map(({ id }) => id)
  const [from, to] = [ids.indexOf(one), ids.indexOf(other)].sort((a, b) => a - b)
  return from === undefined || to === undefined || from < 0 ? [other] : ids.slice(from, to + 1)
}
