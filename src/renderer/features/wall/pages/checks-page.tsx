import type { CSSProperties } from 'react'
import type { WallContent, WallTile } from '#shared/contract/walls.ts'
import { formatAge } from '../../../format/duration.ts'
import { formatCount, formatRatio } from '../../../format/unit.ts'
import { cx } from '../../../ui/class-names.ts'
import { markWord, StateMark } from '../../../ui/state-mark.tsx'
import css from '../wall.module.css'
import { tileGrid, tileScale, type WallSize } from '../wall-size.ts'
import { Nothing } from './nothing.tsx'

/** With this few rows there is room to say why. */
const rowsWithReasons = 2

/** Tiles, the worst first, as many as can be read; the last one tells of the rest. */
export function ChecksPage(props: {
  readonly content: Extract<WallContent, { kind: 'checks' }>
  readonly size: WallSize
  readonly now: number
}) {
  const { content, size, now } = props
  const { tiles, more, counts, moreAbnormal } = content
  if (tiles.length === 0) return <Nothing title="No check belongs to this page" />
  const isAll = more === 0 && tiles.length <= size.tiles
  // The tile that tells of the rest takes a place too; where there is but one, the worst check has it.
  const shown = isAll ? tiles : tiles.slice(0, Math.max(1, size.tiles - 1))
  const left = tiles.slice(shown.length)
  const rest = { count: left.length + more, abnormal: left.filter(isAbnormal).length + moreAbnormal }
  const hasRestTile = !isAll && size.tiles > 1
  const grid = tileGrid(shown.length + (hasRestTile ? 1 : 0), size, size.bodyWidthPx / size.bodyHeightPx)
  const style = {
    '--u': `${size.unitPx * tileScale(size, grid)}px`,
    gridTemplateColumns: `repeat(${grid.columns}, minmax(0, 1fr))`,
    gridTemplateRows: `repeat(${grid.rows}, minmax(0, 1fr))`,
  } as CSSProperties // React's type knows no custom properties.
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0)
  return (
    <ul className={cx(css['tiles'])} style={style} aria-label={`${total} checks, the worst first`}>
      {shown.map((tile) => (
        <Tile key={tile.id} tile={tile} now={now} hasReason={grid.rows <= rowsWithReasons} />
      ))}
      {hasRestTile && (
        <li className={cx(css['tile'], css['rest'], rest.abnormal > 0 && css['degraded'])}>
          <span className={cx(css['name'])}>and {formatCount(rest.count)} more</span>
          <span className={cx(css['state'])}>
            {rest.abnormal === 0 ? 'all well' : `${formatCount(rest.abnormal)} of them not well`}
          </span>
        </li>
      )}
    </ul>
  )
}

function Tile(props: { readonly tile: WallTile; readonly now: number; readonly hasReason: boolean }) {
  const { tile, now, hasReason } = props
  const { state, name, message } = tile
  return (
    <li className={cx(css['tile'], css[state])}>
      <span className={cx(css['name'])}>{name}</span>
      <span className={cx(css['state'])}>
        <StateMark state={state} word={markWord(state)} />
        {isAbnormal(tile) && <span>{formatAge(now - tile.stateSince)}</span>}
        {state === 'up' && <span>{formatRatio(tile.availabilityRatio, 2)}</span>}
      </span>
      {hasReason && message !== '' && <span className={cx(css['reason'])}>{message}</span>}
    </li>
  )
}

const isAbnormal = ({ state }: WallTile) => state === 'down' || state === 'degraded' || state === 'unknown'
