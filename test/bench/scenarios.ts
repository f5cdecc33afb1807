/** Every benchmark, in the order it is run: a new one is one file and one line here. */
import type { Scenario } from './scenario.ts'

export const scenarios: readonly Scenario[] = []
