/** Regular expressions: RE2, whose time is linear in the text, for patterns or what they are run on come from strangers. */
import { RE2JS } from 're2js'
import { z } from 'zod'

const remembered = new Map<string, RE2JS>()
const mostRemembered = 500

/** Throws when the pattern is not RE2. */
export function compilePattern(pattern: string): RE2JS {
  const known = remembered.get(pattern)
  if (known !== undefined) return known
  const compiled = RE2JS.compile(pattern)
  if (remembered.size >= mostRemembered) remembered.delete(remembered.keys().next().value ?? '')
  remembered.set(pattern, compiled)
  return compiled
}

/** What is wrong with a pattern, in words; null when nothing is. */
export function patternProblem(pattern: string): string | null {
  try {
    compilePattern(pattern)
    return null
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error)
    return `expected a regular expression in RE2 syntax (no look-around, no back-references): ${cause}.`
  }
}

export const patternWithin = (mostCharacters: number) =>
  z
    .string()
    .min(1)
    .max(mostCharacters)
    .superRefine((pattern, context) => {
      const problem = patternProblem(pattern)
      if (problem !== null) context.addIssue({ code: 'custom', message: problem })
    })
