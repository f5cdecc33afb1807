/** The walls that stand in belfry.yaml; one that is wrong is told and left out, the others stay. */
import { type Explained, explainedParse } from '#shared/config/explain.ts'
import { WallEntry, wallOf } from '#shared/config/wall-entry.ts'
import type { Wall } from '#shared/contract/walls.ts'

/** `path` begins with the entry's place in the list. */
type Tell = (path: readonly (string | number)[], message: string) => void

export function readWalls(value: unknown, tell: Tell): Wall[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) {
    tell([], 'expected a list of walls, each beginning with a dash.')
    return []
  }
  const walls = new Map<string, Wall>()
  for (const [position, raw] of value.entries()) {
    const read = explainedParse(WallEntry, raw)
    if (!read.ok) tellAll(position, read.issues, tell)
    else if (walls.has(read.value.name)) {
      tell([position, 'name'], `Another wall is named "${read.value.name}" already: give this one a name of its own.`)
    } else walls.set(read.value.name, wallOf(read.value))
  }
  return [...walls.values()]
}

function tellAll(position: number, issues: readonly Explained[], tell: Tell): void {
  for (const issue of issues) tell([position, ...issue.path], issue.message)
}
