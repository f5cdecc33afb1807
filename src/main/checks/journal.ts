/**
 * What is to be durable, gathered for a tick and committed as one unit. With each unit goes the watermark: somebody
 * looked until now. When the disk refuses, everything is kept (results up to a limit) and tried again with the next
 * tick; checking goes on from memory meanwhile, and one notice says so.
 */
import type { Notices } from '#main/notices.ts'
import type { Clock, Logger, Timers } from '#main/ports.ts'
import type { KeptResult, StoredInterval } from '#main/store/families/checks.ts'
import type { StateStore, Write } from '#main/store/state-store.ts'
import { type RememberedCheck, rememberedText } from './stored-state.ts'

export interface Journal {
  remember(checkId: string, check: RememberedCheck): void
  settle(intervals: readonly StoredInterval[]): void
  keep(result: KeptResult): void
  /** Commits what was noted before, now. Resolves when it is durable, or when the disk has refused it. */
  commit(): Promise<void>
  /** The same, but only if something waits: for questions. */
  settled(): Promise<void>
  close(): Promise<void>
}

const tickMs = 250
/** The longest time a crash may take from what was observed. */
const watermarkMs = 5000
const mostResults = 5000
const noticeId = 'checks.store'

export function createJournal(
  { clock, timers, logger }: { clock: Clock; timers: Timers; logger: Logger },
  state: StateStore,
  notices: Notices,
): Journal {
  let remembered = new Map<string, RememberedCheck>()
  let intervals: StoredInterval[] = []
  let results: KeptResult[] = []
  let stopTick: (() => void) | null = null
  let underway: Promise<void> = Promise.resolve()
  /** The commit that has not begun yet: all who ask meanwhile share it. */
  let next: Promise<void> | null = null
  let closed = false

  const noted = () => {
    stopTick ??= closed ? null : timers.after(tickMs, () => void commit())
  }

  function commit(): Promise<void> {
    if (next !== null) return next
    next = underway.then(write)
    underway = next
    return next
  }

  async function write(): Promise<void> {
    next = null
    stopTick?.()
    stopTick = null
    const taken = { remembered, intervals, results }
    remembered = new Map()
    intervals = []
    results = []
    const unit: Write[] = [['check.observe', { until: clock.now() }]]
    if (taken.remembered.size > 0) {
      const runtimes = [...taken.remembered].map(([checkId, check]) => ({ checkId, state: rememberedText(check) }))
      unit.push(['check.saveRuntimes', runtimes])
    }
    if (taken.intervals.length > 0) unit.push(['check.addIntervals', taken.intervals])
    if (taken.results.length > 0) unit.push(['check.addResults', taken.results])
    try {
      await state.commit(unit)
      notices.withdraw(noticeId)
    } catch (error) {
      remembered = new Map([...taken.remembered, ...remembered])
      intervals = [...taken.intervals, ...intervals]
      results = [...taken.results, ...results].slice(-mostResults)
      const message = error instanceof Error ? error.message : String(error)
      logger.error('results of checks could not be stored', { error })
      notices.raise({
        id: noticeId,
        level: 'error',
        title: 'Results of checks cannot be stored',
        message: `Checking goes on, and what was seen is stored as soon as possible. ${message}`,
      })
      noted()
    }
  }

  const stopWatermark = timers.every(watermarkMs, () => void commit())
  return {
    remember(checkId, check) {
      remembered.set(checkId, check)
      noted()
    },
    settle(more) {
      if (more.length === 0) return
      intervals.push(...more)
      noted()
    },
    keep(result) {
      results.push(result)
      noted()
    },
    commit,
    settled: () => (stopTick === null ? underway : commit()),
    async close() {
      closed = true
      stopWatermark()
      await commit()
    },
  }
}
