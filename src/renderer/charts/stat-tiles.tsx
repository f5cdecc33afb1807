/** Numbers to be read from afar: each with the shape of its last stretch, and its state by mark, word and colour. */
import { cx } from '../ui/class-names.ts'
import { Sparkline } from '../ui/sparkline.tsx'
import { ItemTable } from './item-table.tsx'
import type { ReadItem, StateColors } from './read-value.ts'
import { ReadingMark } from './reading-mark.tsx'
import css from './stat-tiles.module.css'

interface StatTilesProps {
  readonly title: string
  readonly items: readonly ReadItem[]
  /** `auto`: the names too where there are several. */
  readonly show: 'auto' | 'value' | 'name' | 'value-and-name'
  readonly hasGraph: boolean
  readonly colors: StateColors
  readonly isTable: boolean
}

export function StatTiles({ title, items, show, hasGraph, colors, isTable }: StatTilesProps) {
  if (isTable) return <ItemTable title={title} items={items} />
  return (
    <ul className={cx(css['tiles'])} aria-label={title}>
      {items.map((item) => {
        const isNamed = show === 'auto' ? items.length > 1 : show !== 'value'
        return (
          <li
            key={item.id}
            className={cx(css['tile'], item.state !== 'neutral' && css[item.state], css[`by-${colors}`])}
          >
            <div className={cx(css['reading'])}>
              {isNamed && <span className={cx(css['name'])}>{item.label}</span>}
              {show !== 'name' && (
                <span className={cx(css['value'])}>
                  <ReadingMark state={item.state} size={16} /> <span className={cx(css['number'])}>{item.text}</span>
                </span>
              )}
            </div>
            {hasGraph && item.values.length > 1 && (
              <div className={cx(css['graph'])} aria-hidden="true">
                <Sparkline values={drawable(item.values)} label="" height={40} isFilled />
              </div>
            )}
          </li>
        )
      })}
    </ul>
  )
}

const drawable = (values: ReadItem['values']) =>
  values.map((value) => (value !== null && Number.isFinite(value) ? value : null))
