/** Instants (UTC epoch ms) in a zone (an IANA name), always 24 h and year-month-day: the same everywhere. */

const formatters = new Map<string, Intl.DateTimeFormat>()

interface Parts {
  readonly year: string
  readonly month: string
  readonly day: string
  readonly hour: string
  readonly minute: string
  readonly second: string
  readonly weekday: string
}

/** `2026-01-05 14:03:09`. */
export function formatInstant(at: number, zone: string): string {
  const { year, month, day, hour, minute, second } = partsOf(at, zone)
  return `${year}-${month}-${day} ${hour}:${minute}:${second}`
}

/** `14:03:09`. */
export function formatClock(at: number, zone: string): string {
  const { hour, minute, second } = partsOf(at, zone)
  return `${hour}:${minute}:${second}`
}

/** As short as it can be understood from `now`: `14:03` within the day, else `01-05 14:03`, else with the year. */
export function formatShort(at: number, zone: string, now: number): string {
  const parts = partsOf(at, zone)
  const today = partsOf(now, zone)
  const time = `${parts.hour}:${parts.minute}`
  if (parts.year !== today.year) return `${parts.year}-${parts.month}-${parts.day} ${time}`
  if (parts.month !== today.month || parts.day !== today.day) return `${parts.month}-${parts.day} ${time}`
  return time
}

/** The zone's short name at that instant, such as `CET` or `UTC`. */
export function zoneName(at: number, zone: string): string {
  const parts = formatter(zone, { timeZoneName: 'short' }).formatToParts(at)
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? zone
}

/** Offset from UTC in ms at that instant, positive east of it. */
export function zoneOffsetMs(at: number, zone: string): number {
  const { year, month, day, hour, minute, second } = partsOf(at, zone)
  const wall = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second))
  return wall - Math.floor(at / 1000) * 1000
}

export function partsOf(at: number, zone: string): Parts {
  const parts = { year: '', month: '', day: '', hour: '', minute: '', second: '', weekday: '' }
  const full = formatter(zone, {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    weekday: 'short',
    hourCycle: 'h23',
  })
  for (const { type, value } of full.formatToParts(at)) {
    if (Object.hasOwn(parts, type)) parts[type as keyof Parts] = value
  }
  return parts
}

function formatter(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone} ${Object.keys(options).join(' ')}`
  const known = formatters.get(key)
  if (known) return known
  const made = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: zone })
  formatters.set(key, made)
  return made
}
