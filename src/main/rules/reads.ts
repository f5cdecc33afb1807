import { compileMatcher } from '#shared/domain/matchers.ts'
import { selectorsIn } from '#shared/promql/fetches.ts'
import type { Parsed } from '#shared/promql/parse.ts'

/** Whether an expression may read a metric of one of these names. */
export function readsAny({ expr }: Parsed, names: ReadonlySet<string>): boolean {
  if (names.size === 0) return false
  return selectorsIn(expr).some(({ selector }) => {
    const tests = selector.matchers.filter(({ label }) => label === '__name__').map(compileMatcher)
    return [...names].some((name) => tests.every((test) => test(name)))
  })
}
