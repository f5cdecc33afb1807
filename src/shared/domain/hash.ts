/** A hash of texts that is the same on every start and quick to make; whoever knows it can make texts that share one. */

const offset = 0x811c9dc5
const prime = 0x01000193

/** FNV-1a over UTF-16 units, a 32-bit integer. `from`: the hash of what comes before it. Source: RFC 9923. */
export function hashOfText(text: string, from: number = offset): number {
  let hash = from
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), prime)
  return hash
}
