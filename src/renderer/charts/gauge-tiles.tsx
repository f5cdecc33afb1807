/** Where a number lies between the ends of its scale, as an arc; where its thresholds are, as marks outside of it. */
import { cx } from '../ui/class-names.ts'
import { type Arc, arcPath } from './gauge-arc.ts'
import css from './gauge-tiles.module.css'
import { ItemTable } from './item-table.tsx'
import { type ReadItem, stateToken } from './read-value.ts'
import { ReadingMark } from './reading-mark.tsx'

interface GaugeTilesProps {
  readonly title: string
  readonly items: readonly ReadItem[]
  /** Stretches of the scale that mean something, 0..1. */
  readonly stretches: readonly (Arc & { readonly token: string })[]
  readonly isTable: boolean
}

export function GaugeTiles({ title, items, stretches, isTable }: GaugeTilesProps) {
  if (isTable) return <ItemTable title={title} items={items} />
  return (
    <ul className={cx(css['tiles'])} aria-label={title}>
      {items.map((item) => (
        <li key={item.id} className={cx(css['tile'])}>
          <svg viewBox="0 0 120 92" className={cx(css['gauge'])} role="img" aria-label={`${item.label}: ${item.text}`}>
            <path d={arcPath(60, 60, 46, { from: 0, to: 1 })} className={cx(css['track'])} />
            {item.share !== null && item.share > 0 && (
              <path
                d={arcPath(60, 60, 46, { from: 0, to: Math.min(1, item.share) })}
                className={cx(css['arc'])}
                style={{ stroke: `var(${stateToken(item.state) ?? '--series-1'})` }}
              />
            )}
            {stretches.map(({ from, to, token }) => (
              <path
                key={from}
                d={arcPath(60, 60, 55, { from, to })}
                className={cx(css['stretch'])}
                style={{ stroke: `var(${token})` }}
              />
            ))}
          </svg>
          <span className={cx(css['value'])}>
            <ReadingMark state={item.state} /> {item.text}
          </span>
          {items.length > 1 && <span className={cx(css['name'])}>{item.label}</span>}
        </li>
      ))}
    </ul>
  )
}
