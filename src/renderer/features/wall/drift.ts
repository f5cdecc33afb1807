/**
 * Where the picture stands, against burn-in: a slow path through a small square, one pixel at a time, that comes to every
 * place equally often. Pure.
 */

/** Half the side of the square, in pixels: more than the stroke of a letter. */
const reachPx = 6
const stepEveryMs = 60_000
const side = 2 * reachPx + 1

/** A boustrophedon: to and fro, a row further each time, and then back the same way. */
export function driftAt(now: number): { readonly x: number; readonly y: number } {
  const places = side * side
  const step = Math.floor(now / stepEveryMs) % (2 * places)
  const place = step < places ? step : 2 * places - 1 - step
  const row = Math.floor(place / side)
  const column = row % 2 === 0 ? place % side : side - 1 - (place % side)
  return { x: column - reachPx, y: row - reachPx }
}
