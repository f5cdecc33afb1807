/** Every benchmark, in the order it is run: a new one is one file and one line here. */
import { collector } from './collector.ts'
import { idle } from './idle.ts'
import { chunkStore } from './chunk-store.ts'
import type { Scenario } from './scenario.ts'
import { stateCommits } from './state-commits.ts'

export const scenarios: readonly Scenario[] = [chunkStore, collector, idle, stateCommits]
