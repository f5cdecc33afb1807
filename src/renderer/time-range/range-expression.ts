/**
 * Ranges as they are typed: `now-6h`, `now/d`, `now-1d/d`, `2026-01-05 14:00`, alone or as `from to to`. An expression
 * is kept as text, so that `now-6h` moves on by itself, and resolved when it is used.
 */
import { zoneOffsetMs } from '../format/instant.ts'

/** Both ends as written; `from` before `to` once resolved. */
export interface RangeExpression {
  readonly from: string
  readonly to: string
}

/** Half-open, epoch ms. */
export interface ResolvedRange {
  readonly from: number
  readonly to: number
}

const lengthsMs: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  M: 2_592_000_000,
  y: 31_536_000_000,
}
const relative = /^now(?:\s*([+-])\s*(\d{1,6})\s*([smhdwMy]))?(?:\s*\/\s*([hdwMy]))?$/
const absolute = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?)?(Z)?$/

/** Null when the text is no range, or ends before it begins. A single end means "from there until now". */
export function parseRange(text: string, now: number, zone: string): RangeExpression | null {
  const [from = '', to = 'now'] = text.trim().split(/\s+to\s+|\s*\.\.\s*/i)
  const expression = /^now\/[hdwMy]$/.test(from) && !/ to |\.\./i.test(text) ? { from, to: 'now' } : { from, to }
  return resolveRange(expression, now, zone) ? expression : null
}

/** The instants of an expression at `now`; calendar roundings (`/d`) and written dates are of `zone`. */
export function resolveRange(expression: RangeExpression, now: number, zone: string): ResolvedRange | null {
  const from = resolveInstant(expression.from, now, zone)
  const to = resolveInstant(expression.to, now, zone)
  return from !== null && to !== null && from < to && from >= 0 ? { from, to } : null
}

/** As it is copied and pasted: `now-6h to now`. */
export function rangeText({ from, to }: RangeExpression): string {
  return `${from} to ${to}`
}

/** Whether it ends at the present and so moves with it. */
export function isLive(expression: RangeExpression): boolean {
  return expression.to.trim() === 'now'
}

/** A fixed range, as brushed on a chart: written as instants in UTC, to the second. */
export function fixedRange({ from, to }: ResolvedRange): RangeExpression {
  return { from: isoSecond(from), to: isoSecond(to) }
}

export interface RangePreset {
  readonly label: string
  readonly expression: RangeExpression
}

export const rangePresets: readonly RangePreset[] = [
  { label: 'Last 5 minutes', expression: { from: 'now-5m', to: 'now' } },
  { label: 'Last 15 minutes', expression: { from: 'now-15m', to: 'now' } },
  { label: 'Last hour', expression: { from: 'now-1h', to: 'now' } },
  { label: 'Last 6 hours', expression: { from: 'now-6h', to: 'now' } },
  { label: 'Last 24 hours', expression: { from: 'now-24h', to: 'now' } },
  { label: 'Last 7 days', expression: { from: 'now-7d', to: 'now' } },
  { label: 'Last 30 days', expression: { from: 'now-30d', to: 'now' } },
  { label: 'Last 90 days', expression: { from: 'now-90d', to: 'now' } },
  { label: 'Today', expression: { from: 'now/d', to: 'now' } },
  { label: 'This week', expression: { from: 'now/w', to: 'now' } },
]

function resolveInstant(text: string, now: number, zone: string): number | null {
  const written = text.trim()
  const parts = relative.exec(written)
  if (parts) {
    const [, sign, count = '0', unit = 's', rounding] = parts
    const shift = Number(count) * (lengthsMs[unit] ?? 0) * (sign === '-' ? -1 : 1)
    return rounding ? startOf(now + shift, rounding, zone) : now + shift
  }
  const date = absolute.exec(written)
  if (!date) return null
  const [, year, month, day, hour = '0', minute = '0', second = '0', utc] = date
  const wall = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second))
  if (!isRealDate(wall, Number(month), Number(day)) || Number(hour) > 23 || Number(minute) > 59) return null
  return utc ? wall : fromWall(wall, zone)
}

/** The start of the calendar unit that holds `at`; weeks begin on Monday. */
function startOf(at: number, unit: string, zone: string): number {
  const wall = new Date(at + zoneOffsetMs(at, zone))
  const year = wall.getUTCFullYear()
  const month = wall.getUTCMonth()
  const day = wall.getUTCDate()
  const start = {
    h: Date.UTC(year, month, day, wall.getUTCHours()),
    d: Date.UTC(year, month, day),
    w: Date.UTC(year, month, day - ((wall.getUTCDay() + 6) % 7)),
    M: Date.UTC(year, month),
    y: Date.UTC(year, 0),
  }[unit]
  return start === undefined ? at : fromWall(start, zone)
}

/** The instant at which clocks in `zone` show `wall`; twice, because the offset may differ on the other side. */
function fromWall(wall: number, zone: string): number {
  const guess = wall - zoneOffsetMs(wall, zone)
  return wall - zoneOffsetMs(guess, zone)
}

const isRealDate = (wall: number, month: number, day: number) =>
  new Date(wall).getUTCMonth() === month - 1 && new Date(wall).getUTCDate() === day

const isoSecond = (at: number) => `${new Date(at).toISOString().slice(0, 19)}Z`
