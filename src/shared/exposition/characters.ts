/** What names are made of, and the numbers of the characters that mean something. */

const tab = 9
export const space = 32
export const quote = 34
export const hash = 35
export const comma = 44
export const equals = 61
const backslash = 92
export const openBrace = 123
export const closeBrace = 125

const labelStart = 1
const labelPart = 2
const nameStart = 4
const namePart = 8

const classes = new Uint8Array(128)
for (const char of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_') {
  classes[char.charCodeAt(0)] = labelStart | labelPart | nameStart | namePart
}
for (const char of '0123456789') classes[char.charCodeAt(0)] = labelPart | namePart
classes[':'.charCodeAt(0)] = nameStart | namePart

export const isBlank = (code: number): boolean => code === space || code === tab

const isOf = (code: number, kind: number): boolean => code < 128 && ((classes[code] ?? 0) & kind) !== 0

export const isNameStart = (code: number): boolean => isOf(code, nameStart)

/** Where a metric's name that begins at `from` ends. */
export function endOfName(text: string, from: number, to: number): number {
  let at = from
  while (at < to && isOf(text.charCodeAt(at), namePart)) at++
  return at
}

/** Where a label's name that begins at `from` ends; `from` itself where none does. */
export function endOfLabel(text: string, from: number, to: number): number {
  if (from >= to || !isOf(text.charCodeAt(from), labelStart)) return from
  let at = from + 1
  while (at < to && isOf(text.charCodeAt(at), labelPart)) at++
  return at
}

export function skipBlanks(text: string, from: number, to: number): number {
  let at = from
  while (at < to && isBlank(text.charCodeAt(at))) at++
  return at
}

/** Where a token that begins at `from` ends: at a blank or at the end of the line. */
export function endOfToken(text: string, from: number, to: number): number {
  let at = from
  while (at < to && !isBlank(text.charCodeAt(at))) at++
  return at
}

/** The offset of the quote that closes the one at `from`; -1 where none does. */
export function closingQuote(text: string, from: number, to: number): number {
  for (let at = from + 1; at < to; at++) {
    const code = text.charCodeAt(at)
    if (code === quote) return at
    if (code === backslash) at++
  }
  return -1
}
