/**
 * A YAML document that is written again loses what its author did by hand: columns of comments, padding, line breaks in
 * long lists. So every place where the rewritten text differs is put back as it was, unless that changes the meaning:
 * what remains different is the edit itself.
 */
import { changedStretches, type Stretch } from './line-difference.ts'

/** `after`, with each stretch of lines taken from `before` where `meaningOf` the whole text stays the same. */
export function keepUntouched(before: string, after: string, meaningOf: (text: string) => string): string {
  const beforeLines = before.split('\n')
  const afterLines = after.split('\n')
  const stretches = changedStretches(beforeLines, afterLines)
  if (stretches.length > mostStretches) return after
  const wanted = meaningOf(after)
  const kept = new Set<Stretch>()
  for (const stretch of stretches) {
    kept.add(stretch)
    if (meaningOf(assemble(beforeLines, afterLines, stretches, kept)) !== wanted) kept.delete(stretch)
  }
  return assemble(beforeLines, afterLines, stretches, kept)
}

/** Each stretch costs one parse of the file; a text that differs in more places was not edited but rewritten. */
const mostStretches = 100

function assemble(
  before: readonly string[],
  after: readonly string[],
  stretches: readonly Stretch[],
  kept: ReadonlySet<Stretch>,
): string {
  const lines: string[] = []
  let position = 0
  for (const stretch of stretches) {
    lines.push(...after.slice(position, stretch.afterFrom))
    if (kept.has(stretch)) lines.push(...before.slice(stretch.beforeFrom, stretch.beforeTo))
    else lines.push(...after.slice(stretch.afterFrom, stretch.afterTo))
    position = stretch.afterTo
  }
  return [...lines, ...after.slice(position)].join('\n')
}
