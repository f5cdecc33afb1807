/** Regular expressions of operators, run on texts of strangers: RE2, whose time is linear in the text. */
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

/** Whether the pattern occurs somewhere in the text. */
export function occurs(pattern: string, text: string): boolean {
  return compilePattern(pattern).matcher(text).find()
}

export const Pattern = z
  .string()
  .min(1)
  .max(1000)
  .superRefine((pattern, context) => {
    try {
      compilePattern(pattern)
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error)
      context.addIssue({
        code: 'custom',
        message: `expected a regular expression in RE2 syntax (no look-around, no back-references): ${cause}`,
      })
    }
  })
