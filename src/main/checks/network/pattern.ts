/** Regular expressions of operators, run on what the other side answers. */
import { compilePattern, patternWithin } from '#shared/domain/pattern.ts'

/** Whether the pattern occurs somewhere in the text. */
export function occurs(pattern: string, text: string): boolean {
  return compilePattern(pattern).matcher(text).find()
}

export const Pattern = patternWithin(1000)
