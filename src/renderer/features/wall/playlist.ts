/**
 * Which page stands, for how long, and what is shown large because it has just broken. Pure: events and instants in, the
 * next state out.
 */
import type { Wall, WallTile } from '#shared/contract/walls.ts'

export interface Playlist {
  readonly page: number
  /** When this page came, epoch ms. */
  readonly since: number
  /** Held by somebody at the screen: it does not move on. */
  readonly isHeld: boolean
  readonly focus: { readonly tile: WallTile; readonly until: number } | null
  /** What was down at the last look, as `id@since`; null before the first look. */
  readonly seen: ReadonlySet<string> | null
}

type Timing = Pick<Wall, 'pages' | 'autofocusMs'>

/** `page` is where it was left, if it still exists. */
export function startPlaylist(page: number, now: number): Playlist {
  return { page: Math.max(0, page), since: now, isHeld: false, focus: null, seen: null }
}

/** Time has passed: the next page when this one has stood long enough, and the page again when a focus ends. */
export function tick(playlist: Playlist, wall: Timing, now: number): Playlist {
  const { focus } = playlist
  if (focus && now < focus.until) return playlist
  // What was interrupted begins again: nobody could read it meanwhile.
  const rested = focus ? { ...playlist, focus: null, since: now } : playlist
  if (rested.page >= wall.pages.length) return { ...rested, page: 0, since: now }
  const standsMs = wall.pages[rested.page]?.showMs ?? 0
  const isDue = now - rested.since >= standsMs || now < rested.since
  return isDue && !rested.isHeld && wall.pages.length > 1 ? turned(rested, wall, 1, now) : rested
}

/** The next page (1) or the one before (-1), as the arrow keys ask for. */
export function turned(playlist: Playlist, { pages }: Pick<Wall, 'pages'>, by: 1 | -1, now: number): Playlist {
  const page = (playlist.page + by + pages.length) % Math.max(1, pages.length)
  return { ...playlist, page, since: now, focus: null }
}

/** What is down now has been looked at: what was not before is shown large, the newest of it. */
export function looked(playlist: Playlist, wall: Timing, broken: readonly WallTile[], now: number): Playlist {
  const seen = new Set(broken.map(keyOf))
  const { focus } = playlist
  const isOver = focus !== null && !seen.has(keyOf(focus.tile))
  const fresh = playlist.seen === null ? [] : broken.filter((tile) => !playlist.seen?.has(keyOf(tile)))
  const [newest] = fresh.toSorted((a, b) => b.stateSince - a.stateSince)
  if (newest && wall.autofocusMs > 0) {
    return { ...playlist, seen, focus: { tile: newest, until: now + wall.autofocusMs } }
  }
  return isOver ? { ...playlist, seen, focus: null, since: now } : { ...playlist, seen }
}

/** Of the present page or focus, 1 at its beginning, 0 at its end; null where nothing moves on. */
export function remainingRatio(playlist: Playlist, wall: Timing, now: number): number | null {
  const { focus, since, page, isHeld } = playlist
  const share = (leftMs: number, ofMs: number) => Math.min(1, Math.max(0, leftMs / Math.max(1, ofMs)))
  if (focus) return share(focus.until - now, wall.autofocusMs)
  const standsMs = wall.pages[page]?.showMs
  if (isHeld || wall.pages.length < 2 || standsMs === undefined) return null
  return share(since + standsMs - now, standsMs)
}

const keyOf = ({ id, stateSince }: WallTile) => `${id}@${stateSince}`
