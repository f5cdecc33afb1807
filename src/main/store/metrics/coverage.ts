/** How far back each tier reaches. */
import { dayMs, hourMs, slotOf } from './calendar.ts'
import type { Coverage } from './messages.ts'
import type { MetricsTables } from './metrics-database.ts'

export function coverageOf(tables: MetricsTables, oldestHeadHour: number | null): Coverage {
  const oldestKey = tables.oldestKey()
  const days = tables.days()
  const dayStart = (row: { day: number } | undefined) => (row ? row.day * dayMs : null)
  const raw = earliest(
    oldestHeadHour === null ? null : oldestHeadHour * hourMs,
    oldestKey === null ? null : slotOf(oldestKey) * hourMs,
    dayStart(days.find((row) => row.file !== null)),
  )
  return {
    raw,
    fiveMinute: earliest(raw, dayStart(days.find((row) => row.has_five_minute === 1))),
    hour: earliest(raw, dayStart(days[0])),
  }
}

function earliest(...instants: (number | null)[]): number | null {
  const known = instants.filter((at) => at !== null)
  return known.length > 0 ? Math.min(...known) : null
}
