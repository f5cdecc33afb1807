/** Where the time axis is labelled: round times of the shown zone, as many as fit. */
import { partsOf, zoneOffsetMs } from '../format/instant.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour
const steps = [
  second,
  2 * second,
  5 * second,
  10 * second,
  15 * second,
  30 * second,
  minute,
  2 * minute,
  5 * minute,
  10 * minute,
  15 * minute,
  30 * minute,
  hour,
  2 * hour,
  3 * hour,
  6 * hour,
  12 * hour,
  day,
  2 * day,
  7 * day,
  14 * day,
  28 * day,
  91 * day,
  182 * day,
  364 * day,
] as const

/** Ascending instants in `[from, to]`, at most `most` of them, on the zone's own round times. */
export function timeTicks(from: number, to: number, most: number, zone: string): number[] {
  const stepMs = steps.find((step) => (to - from) / step <= most) ?? 364 * day
  const ticks: number[] = []
  const offset = zoneOffsetMs(from, zone)
  // Monday 1970-01-05, so that weekly steps fall on Mondays.
  const origin = stepMs >= 7 * day ? 4 * day : 0
  for (let wall = Math.ceil((from + offset - origin) / stepMs) * stepMs + origin; ; wall += stepMs) {
    const at = wall - zoneOffsetMs(wall - offset, zone)
    if (at > to) return ticks
    if (at >= from) ticks.push(at)
  }
}

/** `14:03`, with seconds below a minute of step; at midnight the date `01-05`. */
export function tickLabel(at: number, stepMs: number, zone: string): string {
  const { month, day: date, hour: hours, minute: minutes, second: seconds } = partsOf(at, zone)
  if (stepMs >= day || (hours === '00' && minutes === '00' && seconds === '00')) return `${month}-${date}`
  return stepMs < minute ? `${hours}:${minutes}:${seconds}` : `${hours}:${minutes}`
}
