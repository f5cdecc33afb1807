/** When a job is due. Pure: every instant is handed in. */
import { Cron } from 'croner'

export type Schedule =
  | { readonly type: 'period'; readonly periodMs: number }
  /** Five fields, read in the IANA zone. */
  | { readonly type: 'cron'; readonly expression: string; readonly zone: string }

/** The first time after `at` (epoch ms) that the job is due. */
export function dueAfter(schedule: Schedule, at: number): number {
  if (schedule.type === 'period') return at + schedule.periodMs
  // Without a function it plans nothing and only computes. An expression that is never due is refused at the edge.
  const next = new Cron(schedule.expression, { timezone: schedule.zone }).nextRun(new Date(at))
  return next === null ? Number.POSITIVE_INFINITY : next.getTime()
}

/** Null when the text is a cron expression that is due some day. */
export function cronProblem(text: string): string | null {
  if (text.split(/\s+/).length !== 5 && !text.startsWith('@')) {
    return `expected five fields such as "0 3 * * *" (minute, hour, day, month, weekday), got "${text.slice(0, 100)}"`
  }
  try {
    const isEverDue = new Cron(text, { timezone: 'UTC' }).nextRun(new Date(0)) !== null
    return isEverDue ? null : `expected an expression that is due some day; "${text}" never is`
  } catch (error) {
    return `expected a cron expression such as "0 3 * * *": ${error instanceof Error ? error.message : String(error)}`
  }
}

export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    // The only failure there is: no zone of that name.
    return false
  }
}
