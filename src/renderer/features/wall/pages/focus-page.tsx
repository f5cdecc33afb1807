import type { WallTile } from '#shared/contract/walls.ts'
import { formatAge } from '../../../format/duration.ts'
import { cx } from '../../../ui/class-names.ts'
import { markWord, StateMark } from '../../../ui/state-mark.tsx'
import css from '../wall.module.css'

/** What has just broken, as large as the screen allows. */
export function FocusPage({ tile, now }: { readonly tile: WallTile; readonly now: number }) {
  return (
    <section className={cx(css['focus'], css[tile.state])} role="alert">
      <span className={cx(css['focusState'])}>
        <StateMark state={tile.state} word={`${markWord(tile.state)} for ${formatAge(now - tile.stateSince)}`} />
      </span>
      <span className={cx(css['focusName'])}>{tile.name}</span>
      <span className={cx(css['focusReason'])}>{tile.message}</span>
    </section>
  )
}
