/** Numbers side by side as bars on one scale, each with its name and value; their state by mark and colour. */
import { cx } from '../ui/class-names.ts'
import css from './bar-list.module.css'
import { ItemTable } from './item-table.tsx'
import { type ReadItem, stateToken } from './read-value.ts'
import { ReadingMark } from './reading-mark.tsx'

interface BarListProps {
  readonly title: string
  readonly items: readonly ReadItem[]
  readonly orientation: 'horizontal' | 'vertical'
  readonly isTable: boolean
}

export function BarList({ title, items, orientation, isTable }: BarListProps) {
  if (isTable) return <ItemTable title={title} items={items} />
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
    <section className={cx(css['scroller'])} aria-label={title} tabIndex={0}>
      <ul className={cx(css['bars'], css[orientation])}>
        {items.map((item) => {
          const size = `${Math.max(0, Math.min(1, item.share ?? 0)) * 100}%`
          return (
            <li key={item.id} className={cx(css['bar'])}>
              <span className={cx(css['name'])} title={item.label}>
                {item.label}
              </span>
              <span className={cx(css['value'])}>
                <ReadingMark state={item.state} /> {item.text}
              </span>
              <span className={cx(css['track'])} aria-hidden="true">
                <span
                  className={cx(css['fill'])}
                  style={{
                    ...(orientation === 'horizontal' ? { width: size } : { height: size }),
                    background: `var(${stateToken(item.state) ?? '--series-1'})`,
                  }}
                />
              </span>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
