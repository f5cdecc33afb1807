/** A change of a text as `diff -u` shows it. */
import { changedStretches, type Stretch } from './line-difference.ts'

/** Unchanged lines shown around a change. */
const around = 3

/** `before` null: the file is new. Empty when the texts are equal. */
export function unifiedDiff(name: string, before: string | null, after: string): string {
  const from = linesOf(before ?? '')
  const to = linesOf(after)
  const hunks = hunksOf(changedStretches(from, to), from.length)
  if (hunks.length === 0) return ''
  const head = [`--- ${before === null ? '/dev/null' : name}`, `+++ ${name}`]
  return [...head, ...hunks.flatMap((hunk) => hunkLines(hunk, from, to))].join('\n').concat('\n')
}

type Hunk = readonly Stretch[]

function linesOf(text: string): string[] {
  if (text === '') return []
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  else lines[lines.length - 1] += '\n\\ No newline at end of file'
  return lines
}

/** Changes whose surroundings meet are shown together. */
function hunksOf(stretches: readonly Stretch[], length: number): Hunk[] {
  const hunks: Stretch[][] = []
  for (const stretch of stretches) {
    const last = hunks.at(-1)
    const end = last?.at(-1)?.beforeTo ?? -length
    if (last !== undefined && stretch.beforeFrom - end <= 2 * around) last.push(stretch)
    else hunks.push([stretch])
  }
  return hunks
}

function hunkLines(hunk: Hunk, from: readonly string[], to: readonly string[]): string[] {
  const [first] = hunk
  const last = hunk.at(-1)
  if (first === undefined || last === undefined) return []
  const start = Math.max(0, first.beforeFrom - around)
  const end = Math.min(from.length, last.beforeTo + around)
  const lines: string[] = []
  let position = start
  for (const { beforeFrom, beforeTo, afterFrom, afterTo } of hunk) {
    lines.push(...from.slice(position, beforeFrom).map((line) => ` ${line}`))
    lines.push(...from.slice(beforeFrom, beforeTo).map((line) => `-${line}`))
    lines.push(...to.slice(afterFrom, afterTo).map((line) => `+${line}`))
    position = beforeTo
  }
  lines.push(...from.slice(position, end).map((line) => ` ${line}`))
  const afterStart = first.afterFrom - (first.beforeFrom - start)
  const afterEnd = last.afterTo + (end - last.beforeTo)
  return [`@@ -${rangeText(start, end)} +${rangeText(afterStart, afterEnd)} @@`, ...lines]
}

/** The line before an empty range is named, as diff does. */
function rangeText(from: number, to: number): string {
  return `${to === from ? from : from + 1},${to - from}`
}
