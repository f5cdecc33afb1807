/**
 * JSON text from outside. Beyond being JSON it may not nest without end, for schemas walk it by recursion, and may not
 * name `__proto__`, for no honest client does.
 */

/** Far deeper than any input of the contract. */
export const maxJsonDepth = 64

export type ParsedJson =
  | { readonly ok: true; readonly value: unknown }
  /** `message`: what was expected and what came. */
  | { readonly ok: false; readonly message: string }

export function parseJsonText(text: string): ParsedJson {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return { ok: false, message: `expected JSON, and it begins with ${JSON.stringify(text.slice(0, 40))}` }
  }
  const problem = problemOf(value)
  return problem === null ? { ok: true, value } : { ok: false, message: problem }
}

/** Level by level rather than by recursion, which is what the depth limit protects. */
function problemOf(root: unknown): string | null {
  let level = [root]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxJsonDepth) return `expected JSON nested at most ${maxJsonDepth} deep, and it is deeper`
    const next: unknown[] = []
    for (const value of level) {
      if (typeof value !== 'object' || value === null) continue
      if (Object.hasOwn(value, '__proto__')) return 'expected no key named "__proto__", and there is one'
      for (const child of Object.values(value)) next.push(child)
    }
    level = next
  }
  return null
}
