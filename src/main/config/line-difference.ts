/** Where two texts differ, line by line, with as few changed lines as can be. */

/** Half-open ranges of line indices; one side may be empty. Ascending and disjoint. */
export interface Stretch {
  readonly beforeFrom: number
  readonly beforeTo: number
  readonly afterFrom: number
  readonly afterTo: number
}

/** Empty when the texts are equal. Source: Myers, "An O(ND) difference algorithm and its variations", 1986. */
export function changedStretches(before: readonly string[], after: readonly string[]): Stretch[] {
  const most = Math.min(before.length, after.length)
  let head = 0
  while (head < most && before[head] === after[head]) head++
  let tail = 0
  while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail++
  const a = before.slice(head, before.length - tail)
  const b = after.slice(head, after.length - tail)
  if (a.length === 0 && b.length === 0) return []
  return shortestEdit(a, b).map((stretch) => ({
    beforeFrom: stretch.beforeFrom + head,
    beforeTo: stretch.beforeTo + head,
    afterFrom: stretch.afterFrom + head,
    afterTo: stretch.afterTo + head,
  }))
}

/** Beyond this many changed lines the two are taken as one large stretch: time and memory grow with the square. */
const mostChanges = 2000

function shortestEdit(a: readonly string[], b: readonly string[]): Stretch[] {
  const whole = [{ beforeFrom: 0, beforeTo: a.length, afterFrom: 0, afterTo: b.length }]
  if (a.length === 0 || b.length === 0) return whole
  const limit = Math.min(a.length + b.length, mostChanges)
  const furthest = new Int32Array(2 * limit + 3)
  const center = limit + 1
  const rounds: Int32Array[] = []
  for (let changes = 0; changes <= limit; changes++) {
    rounds.push(furthest.slice(center - changes - 1, center + changes + 2))
    for (let diagonal = -changes; diagonal <= changes; diagonal += 2) {
      let { x } = firstStep(furthest, center, diagonal, changes)
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x++
      furthest[center + diagonal] = x
      if (x >= a.length && x - diagonal >= b.length) return stretchesOf(rounds, a.length, b.length)
    }
  }
  return whole
}

/** How a round begins on a diagonal: one line inserted (a step down) or deleted (a step right), then at line `x` of a. */
function firstStep(furthest: Int32Array, center: number, diagonal: number, changes: number) {
  const fromAbove = furthest[center + diagonal + 1] ?? 0
  const fromLeft = furthest[center + diagonal - 1] ?? 0
  const inserted = diagonal === -changes || (diagonal !== changes && fromLeft < fromAbove)
  return { inserted, x: inserted ? fromAbove : fromLeft + 1 }
}

/** Walks back from the end; neighbouring steps become one stretch. */
function stretchesOf(rounds: readonly Int32Array[], aLength: number, bLength: number): Stretch[] {
  const stretches: Stretch[] = []
  let x = aLength
  let y = bLength
  for (let changes = rounds.length - 1; changes > 0; changes--) {
    const furthest = rounds[changes] as Int32Array // The loop runs over the array's own indices.
    const center = changes + 1
    const diagonal = x - y
    const step = firstStep(furthest, center, diagonal, changes)
    const stretch = {
      beforeFrom: step.inserted ? step.x : step.x - 1,
      beforeTo: step.x,
      afterFrom: step.inserted ? step.x - diagonal - 1 : step.x - diagonal,
      afterTo: step.x - diagonal,
    }
    const later = stretches[0]
    if (later && later.beforeFrom === stretch.beforeTo && later.afterFrom === stretch.afterTo) {
      stretches[0] = { ...later, beforeFrom: stretch.beforeFrom, afterFrom: stretch.afterFrom }
    } else stretches.unshift(stretch)
    x = stretch.beforeFrom
    y = stretch.afterFrom
  }
  return stretches
}
