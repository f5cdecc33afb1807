/**
 * Hours of the day in which only what is grave enough makes itself heard, by the clock on the wall of a time zone. Over
 * a change to or from summer time the night is an hour shorter or longer, as it is for whoever sleeps through it.
 */

/** Minutes of the day, 0 to 1439; `to` is exclusive and may be on the next day. */
export interface QuietHours {
  readonly fromMinute: number
  readonly toMinute: number
}

const minuteMs = 60_000
const dayMinutes = 24 * 60
const pattern = /^([01]?\d|2[0-3]):([0-5]\d)\s*-\s*([01]?\d|2[0-3]):([0-5]\d)$/

/** Of a text such as `22:00-07:00`; null for any other, and where beginning and end are the same. */
export function parseQuietHours(text: string): QuietHours | null {
  const match = pattern.exec(text.trim())
  if (!match) return null
  const [fromHour = 0, fromMinute = 0, toHour = 0, toMinute = 0] = match.slice(1).map(Number)
  const hours = { fromMinute: fromHour * 60 + fromMinute, toMinute: toHour * 60 + toMinute }
  return hours.fromMinute === hours.toMinute ? null : hours
}

/** When the quiet that holds at an instant ends (epoch ms, a whole minute); null when it is not quiet then. */
export function quietUntil(hours: QuietHours, at: number, timeZone: string): number | null {
  const length = sinceMinute(hours.fromMinute, hours.toMinute)
  const minute = minuteOfDay(at, timeZone)
  if (sinceMinute(hours.fromMinute, minute) >= length) return null
  const end = Math.floor(at / minuteMs) * minuteMs + sinceMinute(minute, hours.toMinute) * minuteMs
  // The clock may have been changed in between; at a time that does not exist, the quiet ends when it would have.
  const early = sinceMinute(minuteOfDay(end, timeZone), hours.toMinute)
  const corrected = end + (early > dayMinutes / 2 ? early - dayMinutes : early) * minuteMs
  return corrected > at ? corrected : end
}

/** Minutes from one time of the day forward to another, 0 to 1439. */
function sinceMinute(from: number, to: number): number {
  return (to - from + dayMinutes) % dayMinutes
}

function minuteOfDay(at: number, timeZone: string): number {
  const parts = formatOf(timeZone).formatToParts(at)
  const part = (type: 'hour' | 'minute') => Number(parts.find((candidate) => candidate.type === type)?.value ?? 0)
  return part('hour') * 60 + part('minute')
}

/** Making one costs a hundred times as much as using it. */
const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known) return known
  const zone = timeZone === 'local' ? {} : { timeZone }
  const format = new Intl.DateTimeFormat('en-GB', { ...zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  formats.set(timeZone, format)
  return format
}
