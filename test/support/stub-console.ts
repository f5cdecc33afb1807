/** A console for hosts' tests: the real contract, guard, tokens and sessions; handlers as the test writes them. */
import { createAccess } from '#main/access/access.ts'
import { createPingBook, type PingBook } from '#main/checks/heartbeat/ping-book.ts'
import type { Console } from '#main/console.ts'
import { createEvents } from '#main/events.ts'
import type { QueryService } from '#main/query/query-service.ts'
import { withDeadlines } from '#main/transport/deadlines.ts'
import { serve } from '#main/transport/serve.ts'
import { type BelfryHandlers, contract } from '#shared/contract/index.ts'
import { type FakePorts, fakePorts } from './ports.ts'
import { type TemporaryState, temporaryState } from './state-store.ts'

export interface StubConsole extends Pick<Console, 'serve' | 'events' | 'access' | 'pings' | 'queries'> {
  readonly ports: FakePorts
  readonly state: TemporaryState
  readonly pings: PingBook
  /** Tokens and sessions as a restart would find them. */
  reopenAccess(): Promise<Console['access']>
  close(): void
}

/** Calls without a handler fail as `internal`, as a bug would. */
export async function stubConsole(
  handlers: Partial<BelfryHandlers> = {},
  queries: QueryService = unansweredQueries,
): Promise<StubConsole> {
  const ports = fakePorts()
  const state = await temporaryState()
  const { clock, ids, logger } = ports
  const openAccess = () => createAccess({ state, ids, clock, logger, dataDir: state.directory })
  // A test makes only the calls it wrote handlers for.
  const served = serve(contract, handlers as BelfryHandlers, logger)
  return {
    ports,
    state,
    pings: createPingBook(ports, state, () => {}),
    events: createEvents(),
    queries,
    access: await openAccess(),
    serve: withDeadlines(contract, served, ports.timers),
    async reopenAccess() {
      await state.reopen()
      return openAccess()
    },
    close: () => state.close(),
  }
}

const unanswered = async () => {
  throw new Error('this console has no samples')
}

/** Queries where nothing is stored: they fail as `internal`, as a bug would. */
const unansweredQueries: QueryService = {
  ...{ range: unanswered, instant: unanswered, check: unanswered, newest: unanswered, statistics: unanswered },
  ...{ labelNames: unanswered, labelValues: unanswered, series: unanswered, written: unanswered },
  metadata: () => [],
  limits: () => ({ timeout: 60_000, maxSamples: 1000, maxPoints: 11_000, concurrency: 4, perMinute: 3000 }),
}
