/** Matchers as tests of a label's value. Regular expressions come from users: they run in linear time (RE2). */
import { RE2JS } from 're2js'
import { AppError } from '../contract/errors.ts'
import type { Matcher } from './series.ts'

/** Values remembered per expression: a label has few, and asking the map is much cheaper. */
const mostRemembered = 10_000

/** Throws AppError `invalid` when a regular expression is none. */
export function compileMatcher({ label, op, value }: Matcher): (candidate: string) => boolean {
  switch (op) {
    case '=':
      return (candidate) => candidate === value
    case '!=':
      return (candidate) => candidate !== value
    case '=~':
      return anchoredTest(label, value)
    case '!~': {
      const matches = anchoredTest(label, value)
      return (candidate) => !matches(candidate)
    }
  }
}

function anchoredTest(label: string, source: string): (candidate: string) => boolean {
  const pattern = compilePattern(label, source)
  const remembered = new Map<string, boolean>()
  return (candidate) => {
    const known = remembered.get(candidate)
    if (known !== undefined) return known
    const matches = pattern.matches(candidate)
    if (remembered.size < mostRemembered) remembered.set(candidate, matches)
    return matches
  }
}

function compilePattern(label: string, source: string): RE2JS {
  try {
    return RE2JS.compile(source, RE2JS.DOTALL)
  } catch (error) {
    throw new AppError(
      'invalid',
      `The matcher for ${label} needs a regular expression as RE2 knows it; "${source}" is none: ${error instanceof Error ? error.message : error}.`,
    )
  }
}
