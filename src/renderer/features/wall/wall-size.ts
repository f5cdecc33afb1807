/**
 * How large text must be to be read from where people stand, and how much then fits. Everything on a wall is a multiple
 * of one unit: the size of its smallest text. Pure.
 */
import { mostTiles } from '#shared/contract/walls.ts'

export interface WallScreen {
  /** CSS pixels of the whole picture. */
  readonly widthPx: number
  readonly heightPx: number
  readonly diagonalInches: number
  readonly distanceMetres: number
}

/** Inter's capitals by its font size. Source: its OS/2 table, sCapHeight 1490 of unitsPerEm 2048. */
const capHeightRatio = 0.727
/** Capitals this part of the distance high are read with ease: 16 minutes of arc, the least of ISO 9241-3. */
const distancePerCapHeight = 215
const millimetresPerInch = 25.4
/** Nearer than arm's length the picture would be smaller than any other screen's. */
const leastTextPx = 16
/** A wall without room for a heading, one tile and a line of news is none. */
const leastLines = 12

/** Font size, in CSS pixels, whose capitals are a 215th of the distance high. */
export function readableTextPx({ widthPx, heightPx, diagonalInches, distanceMetres }: WallScreen): number {
  const pixelsPerMillimetre = Math.hypot(widthPx, heightPx) / (diagonalInches * millimetresPerInch)
  const capHeightPx = ((distanceMetres * 1000) / distancePerCapHeight) * pixelsPerMillimetre
  return capHeightPx / capHeightRatio
}

export interface WallSize {
  /** The unit: pixels of the smallest text. */
  readonly unitPx: number
  /** False: from that far, nothing readable would fit; the text is as large as it can be. */
  readonly isReadable: boolean
  readonly columns: number
  readonly rows: number
  /** At most twelve. */
  readonly tiles: number
  /** Lines of a list. */
  readonly lines: number
  readonly newsAtOnce: number
  /** Pixels between heading and news, and from side to side. */
  readonly bodyHeightPx: number
  readonly bodyWidthPx: number
}

/** Text grows only where there is clearly more room than a tile needs. */
const spareRoom = 1.15
/** Larger text in tiles would shout down the heading. */
const largestTileScale = 2.2

/** In units. The style sheet lays out by the same numbers. */
const frame = {
  header: 3.2,
  footer: 2.2,
  padding: 0.7,
  gap: 0.4,
  tileWidth: 8.2,
  tileHeight: 4.1,
  line: 2.05,
  news: 15,
}

export function wallSize(screen: WallScreen): WallSize {
  const wantedPx = Math.max(leastTextPx, readableTextPx(screen))
  const unitPx = Math.min(
    wantedPx,
    screen.heightPx / leastLines,
    screen.widthPx / (frame.tileWidth + 2 * frame.padding),
  )
  const width = screen.widthPx / unitPx - 2 * frame.padding
  const height = screen.heightPx / unitPx - frame.header - frame.footer - 2 * frame.padding
  const fitting = (room: number, size: number) =>
    Math.max(1, Math.floor((room + frame.gap) / (size + frame.gap) + 1e-9))
  const columns = fitting(width, frame.tileWidth)
  const rows = fitting(height, frame.tileHeight)
  return {
    unitPx,
    isReadable: unitPx >= wantedPx - 1e-9,
    columns,
    rows,
    tiles: Math.min(mostTiles, columns * rows),
    lines: Math.max(1, Math.floor(height / frame.line)),
    newsAtOnce: Math.max(1, Math.floor(width / frame.news)),
    bodyHeightPx: height * unitPx,
    bodyWidthPx: width * unitPx,
  }
}

/** How much larger than the unit the text of tiles may be in this grid: at least 1, for room is there to be used. */
export function tileScale(
  size: WallSize,
  { columns, rows }: { readonly columns: number; readonly rows: number },
): number {
  const width = (size.bodyWidthPx / size.unitPx - (columns - 1) * frame.gap) / columns
  const height = (size.bodyHeightPx / size.unitPx - (rows - 1) * frame.gap) / rows
  const room = Math.min(width / frame.tileWidth, height / frame.tileHeight) / spareRoom
  return Math.min(largestTileScale, Math.max(1, room))
}

/** The grid for so many tiles: all of them fit, and each is about twice as wide as high. */
export function tileGrid(count: number, { columns, rows }: Pick<WallSize, 'columns' | 'rows'>, aspect: number) {
  let best = { columns: Math.max(1, Math.min(columns, count)), rows: 1, oddness: Number.POSITIVE_INFINITY }
  for (let across = 1; across <= columns; across++) {
    const down = Math.max(1, Math.ceil(count / across))
    if (down > rows) continue
    const empty = (across * down - count) / Math.max(1, count)
    const oddness = Math.abs(Math.log((aspect * down) / across / 2)) + empty
    if (oddness < best.oddness) best = { columns: across, rows: down, oddness }
  }
  return { columns: best.columns, rows: best.rows }
}
