/** When a daily backup is due, by the clock on this machine's wall. */

/** The newest instant at or before `now` at which the wall clock showed `at` (`HH:MM`, 24 hours). */
export function lastDueAt(now: number, at: string): number {
  const due = onDayOf(now, at, 0)
  return due <= now ? due : onDayOf(now, at, -1)
}

/** The next such instant after `now`. */
export function nextDueAt(now: number, at: string): number {
  const due = onDayOf(now, at, 0)
  return due > now ? due : onDayOf(now, at, 1)
}

/** A time that a change of the clock leaves out is the one an hour later, as `Date` has it; one that comes twice is the first. */
function onDayOf(now: number, at: string, days: number): number {
  const [hour = 0, minute = 0] = at.split(':').map(Number)
  const date = new Date(now)
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days, hour, minute).getTime()
}
