/** Round marks for the axes of a drawn chart. */
import { formatFixed, formatScaled, type Scale, scaleFor, type Unit } from '#shared/domain/unit.ts'

/** Ascending round numbers within `[from, to]`, about so many, in the steps of their scale. */
export function valueTicks(from: number, to: number, about: number, scale: Scale): number[] {
  const span = (to - from) / scale.divisor
  if (!(span > 0) || !Number.isFinite(span)) return [from]
  const power = 10 ** Math.floor(Math.log10(span / about))
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((one) => span / one <= about) ?? span
  const first = Math.ceil(from / scale.divisor / step - 1e-9)
  const count = Math.floor(to / scale.divisor / step + 1e-9) - first + 1
  const ticks = Array.from(
    { length: Math.min(50, Math.max(0, count)) },
    (_, index) => (first + index) * step * scale.divisor,
  )
  return scale.isWhole ? ticks.filter(Number.isInteger) : ticks
}

/** Powers of the base within the range; at most eight, evenly left out. */
export function logTicks(from: number, to: number, base: 2 | 10): number[] {
  const [low, high] = [Math.ceil(logOf(from, base) - 1e-9), Math.floor(logOf(to, base) + 1e-9)]
  const every = Math.max(1, Math.ceil((high - low + 1) / 8))
  return Array.from(
    { length: Math.max(0, Math.floor((high - low) / every) + 1) },
    (_, index) => base ** (low + index * every),
  )
}

export const logOf = (value: number, base: 2 | 10) => (base === 2 ? Math.log2(value) : Math.log10(value))

export function tickTexts(ticks: readonly number[], unit: Unit, suffix: string, decimals: number | null): string[] {
  const largest = Math.max(0, ...ticks.map(Math.abs))
  const scale = scaleFor(unit, largest)
  const step = ticks.length > 1 ? Math.abs((ticks[1] ?? 0) - (ticks[0] ?? 0)) / scale.divisor : 0
  const needed = decimals ?? [0, 1, 2, 3, 4].find((count) => isWhole(step * 10 ** count)) ?? 4
  const after = suffix === '' ? '' : ` ${suffix}`
  return ticks.map((tick) => `${step > 0 ? formatFixed(tick, scale, needed) : formatScaled(tick, scale)}${after}`)
}

const isWhole = (value: number) => Math.abs(value - Math.round(value)) < 1e-6

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour
const timeSteps = [1, 2, 5, 10, 15, 30]
  .map((count) => count * 1000)
  .concat([1, 2, 5, 10, 15, 30].map((count) => count * minute))
  .concat([1, 2, 3, 6, 12].map((count) => count * hour))
  .concat([1, 2, 7, 14, 28, 91, 182, 364].map((count) => count * day))

export interface TimeTick {
  readonly at: number
  readonly text: string
}

/** At most so many, on round times of the zone. */
export function timeTicks(from: number, to: number, most: number, zone: string): TimeTick[] {
  const stepMs = timeSteps.find((step) => (to - from) / step <= most) ?? 364 * day
  const offset = zoneOffsetMs(from, zone)
  const ticks: TimeTick[] = []
  for (let at = Math.ceil((from + offset) / stepMs) * stepMs - offset; at <= to && ticks.length < 100; at += stepMs) {
    ticks.push({ at, text: tickText(at, stepMs, zone) })
  }
  return ticks
}

function tickText(at: number, stepMs: number, zone: string): string {
  const text = instantText(at, zone)
  const [date = '', time = ''] = text.split(' ')
  if (stepMs >= day || time === '00:00:00') return date.slice(5)
  return stepMs < minute ? time : time.slice(0, 5)
}

/** `2026-01-05 14:00:00` in that zone. */
export function instantText(at: number, zone: string): string {
  return formatterOf(zone).format(new Date(at)).replace(',', '')
}

function zoneOffsetMs(at: number, zone: string): number {
  const wall = Date.parse(`${instantText(at, zone).replace(' ', 'T')}Z`)
  return wall - Math.floor(at / 1000) * 1000
}

const formatters = new Map<string, Intl.DateTimeFormat>()

function formatterOf(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone)
  if (known) return known
  // The customs of Sweden are those of ISO 8601.
  const made = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' })
  formatters.set(zone, made)
  return made
}
