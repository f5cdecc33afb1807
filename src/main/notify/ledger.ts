/**
 * Commits of the alerting side. When the disk refuses, evaluation and notification go on from memory: what could not be
 * written waits here, in order, and is written with the next commit that succeeds.
 */
import { oneAtATime } from '#main/alerts/one-at-a-time.ts'
import type { Notices } from '#main/notices.ts'
import type { Clock } from '#main/ports.ts'
import { keepPace } from '#main/rules/pace.ts'
import type { StateStore, Write } from '#main/store/state-store.ts'
import { AppError } from '#shared/contract/errors.ts'

export interface Ledger {
  /** Resolves also when the disk refused; the writes are then owed, and a notice says so. */
  commit(unit: readonly Write[]): Promise<void>
  /** Rejects with AppError `unavailable` when the disk refuses; the unit is then forgotten. For what people ask for. */
  commitNow(unit: readonly Write[]): Promise<void>
}

/** Owed writes beyond this are given up, oldest first: memory is not endless either. */
const mostOwed = 10_000
/** A longer unit goes to the store as texts. */
const mostWritesAtOnce = 200
const writesInText = 100
const utf8 = new TextEncoder()
const noticeId = 'alerts-not-saved'

export function createLedger(state: StateStore, notices: Notices, clock: Pick<Clock, 'monotonicMs'>): Ledger {
  let owed: Write[] = []
  /** The store commits in the order of calls, and so must what is owed. */
  const inOrder = oneAtATime()

  const write = async (unit: readonly Write[]) => {
    const before = owed
    await commitWhole([...before, ...unit])
    if (before.length === 0) return
    owed = []
    notices.withdraw(noticeId)
  }

  const commitWhole = async (unit: readonly Write[]) => {
    if (unit.length <= mostWritesAtOnce) return state.commit(unit)
    const pace = keepPace(clock)
    const texts: Uint8Array<ArrayBuffer>[] = []
    for (let from = 0; from < unit.length; from += writesInText) {
      texts.push(utf8.encode(JSON.stringify(unit.slice(from, from + writesInText))))
      if (pace.isDue()) await pace.turn()
    }
    await state.commitTexts(texts)
  }

  return {
    commit: (unit) =>
      inOrder(async () => {
        if (unit.length === 0 && owed.length === 0) return
        try {
          await write(unit)
        } catch (error) {
          if (!(error instanceof AppError && error.code === 'unavailable')) throw error
          owed = [...owed, ...unit].slice(-mostOwed)
          notices.raise({
            id: noticeId,
            level: 'error',
            title: 'Alerts cannot be saved',
            message: `${error.message} Alerts go on from memory and are saved as soon as the disk takes them.`,
          })
        }
      }),
    commitNow: (unit) => inOrder(() => write(unit)),
  }
}
