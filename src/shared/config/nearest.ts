/** The candidate that was probably meant by a mistyped name, or null when none is near. Ties go to the first. */
export function nearest(name: string, candidates: readonly string[]): string | null {
  const lowered = name.slice(0, longestCompared).toLowerCase()
  const allowed = Math.max(1, Math.floor(lowered.length / 3))
  let best: { candidate: string; distance: number } | null = null
  for (const candidate of candidates) {
    const distance = editDistance(lowered, candidate.slice(0, longestCompared).toLowerCase())
    if (distance <= allowed && distance < (best?.distance ?? Number.POSITIVE_INFINITY)) best = { candidate, distance }
  }
  return best?.candidate ?? null
}

/** Characters; names in a configuration are shorter, and the comparison costs their product. */
const longestCompared = 64

/** Insertions, deletions, replacements and swaps of neighbours. Source: optimal string alignment distance. */
function editDistance(a: string, b: string): number {
  let twoBack: number[] = []
  let oneBack = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let row = 1; row <= a.length; row++) {
    const current = [row]
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1]
      let cost = Math.min(
        (oneBack[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (oneBack[column - 1] ?? 0) + (same ? 0 : 1),
      )
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1]
      if (swapped) cost = Math.min(cost, (twoBack[column - 2] ?? 0) + 1)
      current.push(cost)
    }
    twoBack = oneBack
    oneBack = current
  }
  return oneBack[b.length] ?? 0
}
