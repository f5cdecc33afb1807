/** Every benchmark, in the order it is run: a new one is one file and one line here. */

import { chunkStore } from './chunk-store.ts'
import { collector } from './collector.ts'
import { idle } from './idle.ts'
import { loopDelay } from './loop-delay.ts'
import { memory } from './memory.ts'
import { promql } from './promql.ts'
import { query } from './query.ts'
import { rules } from './rules.ts'
import type { Scenario } from './scenario.ts'
import { scheduler } from './scheduler.ts'
import { scrape } from './scrape.ts'
import { start } from './start.ts'
import { stateCommits } from './state-commits.ts'

export const scenarios: readonly Scenario[] = [
  chunkStore,
  start,
  collector,
  idle,
  loopDelay,
  memory,
  promql,
  query,
  rules,
  scheduler,
  scrape,
  stateCommits,
]
