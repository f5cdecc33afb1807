/** What Belfry wants to say about itself: each told once, shown until it is withdrawn. Keyed by id, worst first, then newest. */
import type { Notice } from '#shared/contract/console.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { Events } from './events.ts'
import type { Clock, Logger } from './ports.ts'

export interface Notices {
  /** Raising the same id again replaces its text and keeps its first instant. */
  raise(notice: Omit<Notice, 'at' | 'source'> & { source?: Notice['source'] }): void
  withdraw(id: string): void
  /** Takes one of level info out of sight until it says something else. AppError `unprocessable` for a graver one. */
  dismiss(id: string): void
  list(): Notice[]
  /** Those that were there at any time since then, oldest first; of the past ones a few hundred are remembered. */
  since(at: number): PastNotice[]
}

interface PastNotice {
  readonly notice: Notice
  /** Null: it is there still. */
  readonly until: number | null
}

const mostRemembered = 300

export function createNotices(clock: Clock, logger: Logger, events: Events): Notices {
  const raised = new Map<string, Notice>()
  const dismissed = new Map<string, string>()
  let past: { notice: Notice; until: number }[] = []
  const list = () =>
    [...raised.values()]
      .filter(({ id, message }) => dismissed.get(id) !== message)
      .sort((a, b) => urgency[b.level] - urgency[a.level] || b.at - a.at)
  return {
    raise(notice) {
      const before = raised.get(notice.id)
      if (before?.message === notice.message) return
      raised.set(notice.id, { ...notice, source: notice.source ?? null, at: before?.at ?? clock.now() })
      logger[notice.level === 'warning' ? 'warn' : notice.level](notice.title, {
        notice: notice.id,
        detail: notice.message,
      })
      events.emit('console.noticesChanged', list())
    },
    withdraw(id) {
      const notice = raised.get(id)
      if (notice === undefined) return
      raised.delete(id)
      past = [...past, { notice, until: clock.now() }].slice(-mostRemembered)
      events.emit('console.noticesChanged', list())
    },
    dismiss(id) {
      const notice = raised.get(id)
      if (!notice) return
      if (notice.level !== 'info') {
        throw new AppError('unprocessable', `"${notice.title}" goes away by itself when it is mended.`)
      }
      dismissed.set(id, notice.message)
      events.emit('console.noticesChanged', list())
    },
    list,
    since(at) {
      const present = [...raised.values()].map((notice) => ({ notice, until: null }))
      return [...past.filter(({ until }) => until >= at), ...present].sort((a, b) => a.notice.at - b.notice.at)
    },
  }
}

const urgency = { info: 0, warning: 1, error: 2 } as const
