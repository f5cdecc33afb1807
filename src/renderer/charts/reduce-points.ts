/** Keeps at most two points a pixel: the lowest and the highest of each pixel column, so that no peak is lost. */

export interface Column {
  /** Ascending. */
  readonly times: readonly number[]
  /** Same length; null: nothing was observed. */
  readonly values: readonly (number | null)[]
}

export interface Point {
  readonly x: number
  readonly y: number
}

/**
 * The points to draw, without those where nothing was observed: the line breaks where two are too far apart. `columns`
 * is the width in pixels, >= 1.
 */
export function reducePoints({ times, values }: Column, columns: number): Point[] {
  const first = times[0]
  const last = times.at(-1)
  if (first === undefined || last === undefined) return []
  if (times.length <= columns * 2) return observed(times, values)
  const width = (last - first) / columns || 1
  const points: Point[] = []
  let start = 0
  while (start < times.length) {
    const column = Math.floor(((times[start] ?? first) - first) / width)
    let end = start + 1
    while (end < times.length && Math.floor(((times[end] ?? first) - first) / width) === column) end++
    points.push(...extremes(times, values, start, end))
    start = end
  }
  return points
}

function extremes(times: Column['times'], values: Column['values'], start: number, end: number): Point[] {
  let low: Point | null = null
  let high: Point | null = null
  for (let index = start; index < end; index++) {
    const x = times[index] ?? 0
    const y = values[index] ?? null
    if (y === null) continue
    if (!low || y < low.y) low = { x, y }
    if (!high || y > high.y) high = { x, y }
  }
  if (!low || !high) return []
  if (low === high || low.x === high.x) return [low]
  return low.x < high.x ? [low, high] : [high, low]
}

function observed(times: Column['times'], values: Column['values']): Point[] {
  return times.flatMap((x, index) => {
    const y = values[index] ?? null
    return y === null ? [] : [{ x, y }]
  })
}

/** Which points have no neighbour within `gapMs`: a line through them would not be seen. */
export function lonePoints(points: readonly Point[], gapMs: number): boolean[] {
  const isFar = (a: Point | undefined, b: Point) => a === undefined || Math.abs(a.x - b.x) > gapMs
  return points.map((point, index) => isFar(points[index - 1], point) && isFar(points[index + 1], point))
}
