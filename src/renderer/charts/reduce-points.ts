/** Keeps at most two points a pixel: the lowest and the highest of each pixel column, so that no peak is lost. */

export interface Column {
  /** Ascending. */
  readonly times: readonly number[]
  /** Same length; null: a gap, which is kept as one. */
  readonly values: readonly (number | null)[]
}

export interface Point {
  readonly x: number
  readonly y: number
}

/**
 * The points to draw. A gap becomes a NaN point, at which the line breaks. `columns` is the width in pixels, >= 1.
 */
export function reducePoints({ times, values }: Column, columns: number): Point[] {
  const first = times[0]
  const last = times.at(-1)
  if (first === undefined || last === undefined) return []
  if (times.length <= columns * 2) return times.map((x, index) => ({ x, y: values[index] ?? Number.NaN }))
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
  let gapAt: number | null = null
  for (let index = start; index < end; index++) {
    const x = times[index] ?? 0
    const y = values[index] ?? null
    if (y === null) gapAt = x
    else {
      if (!low || y < low.y) low = { x, y }
      if (!high || y > high.y) high = { x, y }
    }
  }
  if (!low || !high) return gapAt === null ? [] : [{ x: gapAt, y: Number.NaN }]
  if (low === high || low.x === high.x) return [low]
  return low.x < high.x ? [low, high] : [high, low]
}
