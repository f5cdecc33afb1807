/** Lengths of time in words, from milliseconds. */

const units = [
  { name: 'd', ms: 86_400_000 },
  { name: 'h', ms: 3_600_000 },
  { name: 'min', ms: 60_000 },
  { name: 's', ms: 1000 },
] as const

/** The two largest parts, such as `3 d 4 h`, `5 min 20 s`, `12 s`, `340 ms`, `42 µs`. Negative lengths read as their size. */
export function formatDuration(durationMs: number): string {
  const exact = Math.abs(durationMs)
  if (exact > 0 && exact < 0.9995) return `${Math.max(1, Math.round(exact * 1000))} µs`
  // 999.6 ms reads as 1 s, not as 1000 ms.
  const size = exact < 10 ? exact : Math.round(exact)
  if (size < 1000) return `${size < 10 && size > 0 ? size.toFixed(1) : size} ms`
  const first = units.findIndex((unit) => size >= unit.ms)
  const large = units[first]
  if (!large) return `${Math.round(size)} ms`
  const small = units[first + 1]
  const count = Math.floor(size / large.ms)
  const rest = small ? Math.floor((size - count * large.ms) / small.ms) : 0
  return small && rest > 0 ? `${count} ${large.name} ${rest} ${small.name}` : `${count} ${large.name}`
}

/** The largest part only, for tight places: `3 d`, `5 min`, `12 s`. Below a second: `now`. */
export function formatAge(ageMs: number): string {
  const unit = units.find(({ ms }) => ageMs >= ms)
  return unit ? `${Math.floor(ageMs / unit.ms)} ${unit.name}` : 'now'
}

/** `12 s ago`, `in 3 min`, `now`. */
export function formatAgo(at: number, now: number): string {
  const ageMs = now - at
  if (Math.abs(ageMs) < 1000) return 'now'
  return ageMs > 0 ? `${formatAge(ageMs)} ago` : `in ${formatAge(-ageMs)}`
}
