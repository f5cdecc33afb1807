/**
 * Where the parts of belfry.yaml stand in its text, so that an edit of one part leaves every other byte alone. Only
 * plain block style has parts that stand on lines of their own; for anything else there is no slice.
 */
import { type Document, isMap, isNode, isScalar, isSeq, type Node } from 'yaml'

/** Whole lines: `from` is a line's first character, `to` is after a line end (or the end of the text). */
export interface Slice {
  readonly from: number
  readonly to: number
}

/** The section's key, its value, and comments within; null when it is absent or not in block style. */
export function sectionSlice(text: string, document: Document, section: string): Slice | null {
  if (!isMap(document.contents) || document.contents.flow) return null
  const pair = document.contents.items.find(({ key }) => isScalar(key) && key.value === section)
  const from = isNode(pair?.key) ? pair.key.range?.[0] : undefined
  if (from === undefined || lineStart(text, from) !== from) return null
  const key = isNode(pair?.key) ? pair.key : null
  const value = isNode(pair?.value) ? pair.value : null
  return { from, to: endOf(text, hasText(value) ? value : key) }
}

/** One entry of a list such as `checks:` with its dash; null when the list is not in block style. */
export function entrySlice(text: string, document: Document, list: string, position: number): Slice | null {
  const entries = document.get(list, true)
  if (!isSeq(entries) || entries.flow) return null
  const entry = entries.items[position]
  if (!isNode(entry) || !entry.range) return null
  const from = lineStart(text, entry.range[0])
  return /^ *- +$/.test(text.slice(from, entry.range[0])) ? { from, to: endOf(text, entry) } : null
}

/** With the comment lines directly above, which tell about the entry. */
export function withCommentAbove(text: string, slice: Slice): Slice {
  let from = slice.from
  while (from > 0) {
    const above = lineStart(text, from - 1)
    if (!/^ *#/.test(text.slice(above, from))) break
    from = above
  }
  return { from, to: slice.to }
}

/** An empty value (`appearance:`) has no characters of its own, and its place may be lines further down. */
function hasText(node: Node | null): node is Node {
  return node?.range != null && node.range[1] > node.range[0]
}

/** After the line on which the node's last character stands. */
function endOf(text: string, node: Node | null): number {
  let last = (node?.range?.[1] ?? 0) - 1
  while (last > 0 && /\s/.test(text.charAt(last))) last--
  const lineEnd = text.indexOf('\n', last)
  return lineEnd < 0 ? text.length : lineEnd + 1
}

function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1
}
