/** UTF-8 in texts of one character a byte: what is not ASCII is decoded only where it is needed, and judged there. */

/** Characters a call of fromCharCode takes safely. */
const piece = 8192

/** One character a byte. */
export function binaryOf(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += piece) {
    text += String.fromCharCode(...bytes.subarray(at, at + piece))
  }
  return text
}

/** The text that the bytes stand for; null where they are no UTF-8. */
export function decodeUtf8(binary: string): string | null {
  let text = ''
  let plainFrom = 0
  for (let at = 0; at < binary.length; ) {
    const lead = binary.charCodeAt(at)
    if (lead < 0x80) {
      at++
      continue
    }
    const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2
    if (lead < 0xc2 || lead > 0xf4 || at + length > binary.length) return null
    let point = lead & (0x7f >> length)
    for (let next = at + 1; next < at + length; next++) {
      const code = binary.charCodeAt(next)
      if ((code & 0xc0) !== 0x80) return null
      point = (point << 6) | (code & 0x3f)
    }
    // Overlong forms, halves of surrogate pairs, and what is beyond Unicode.
    const least = length === 2 ? 0x80 : length === 3 ? 0x800 : 0x10000
    if (point < least || point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return null
    text += binary.slice(plainFrom, at) + String.fromCodePoint(point)
    at += length
    plainFrom = at
  }
  return plainFrom === 0 ? binary : text + binary.slice(plainFrom)
}

/** How many characters the bytes before an offset stand for, broken ones included. */
export function charactersBefore(binary: string, offset: number): number {
  let count = 0
  for (let at = 0; at < offset; at++) if ((binary.charCodeAt(at) & 0xc0) !== 0x80) count++
  return count
}
