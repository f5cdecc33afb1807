/** Puts two changes of one text together, line by line, where they are not about the same lines. */
import { changedStretches, type Stretch } from './line-difference.ts'

/**
 * `base` with the changes that lead to `ours` and to `theirs`; null where they meet. Of lines that both put in at one
 * place theirs come first: whether that is what was meant, only a reader of the whole can tell.
 */
export function mergedTexts(base: string, ours: string, theirs: string): string | null {
  if (ours === base) return theirs
  if (theirs === base || ours === theirs) return ours
  const lines = base.split('\n')
  const changes = [...changesOf(lines, theirs), ...changesOf(lines, ours)].sort(
    (a, b) => a.beforeFrom - b.beforeFrom || a.beforeTo - b.beforeTo,
  )
  const merged: string[] = []
  let position = 0
  for (const [index, change] of changes.entries()) {
    const before = changes[index - 1]
    if (before !== undefined && meets(before, change)) return null
    merged.push(...lines.slice(position, change.beforeFrom), ...change.lines)
    position = change.beforeTo
  }
  return [...merged, ...lines.slice(position)].join('\n')
}

function meets(before: Stretch, after: Stretch): boolean {
  if (after.beforeFrom < before.beforeTo) return true
  const areInsertions = before.beforeFrom === before.beforeTo && after.beforeFrom === after.beforeTo
  return after.beforeFrom === before.beforeFrom && !areInsertions
}

function changesOf(base: readonly string[], text: string): (Stretch & { readonly lines: readonly string[] })[] {
  const after = text.split('\n')
  return changedStretches(base, after).map((stretch) => ({
    ...stretch,
    lines: after.slice(stretch.afterFrom, stretch.afterTo),
  }))
}
