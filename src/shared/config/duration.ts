/** Durations as people write them: Prometheus's form, such as `30s`, `1m30s` or `15d`, largest unit first. */

interface Unit {
  readonly name: string
  readonly ms: number
  /** Written only when nothing is left over, since `90d` reads better than `12w6d`. */
  readonly wholeOnly: boolean
}

const units: readonly Unit[] = [
  { name: 'y', ms: 365 * 86_400_000, wholeOnly: true },
  { name: 'w', ms: 7 * 86_400_000, wholeOnly: true },
  { name: 'd', ms: 86_400_000, wholeOnly: false },
  { name: 'h', ms: 3_600_000, wholeOnly: false },
  { name: 'm', ms: 60_000, wholeOnly: false },
  { name: 's', ms: 1000, wholeOnly: false },
  { name: 'ms', ms: 1, wholeOnly: false },
]

const pattern = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/

/** Milliseconds, or null when the text is no duration. `0` alone is zero; a year has 365 days. */
export function parseDuration(text: string): number | null {
  if (text === '0') return 0
  const match = pattern.exec(text)
  if (!match || text === '') return null
  const totalMs = units.reduce((sum, unit, index) => sum + Number(match[index + 1] ?? 0) * unit.ms, 0)
  return Number.isSafeInteger(totalMs) ? totalMs : null
}

/** The shortest form that `parseDuration` reads back; rounded to whole milliseconds, never negative. */
export function formatDuration(durationMs: number): string {
  let leftMs = Math.max(0, Math.round(durationMs))
  if (leftMs === 0) return '0s'
  let text = ''
  for (const unit of units) {
    if (leftMs < unit.ms || (unit.wholeOnly && leftMs % unit.ms !== 0)) continue
    text += `${Math.floor(leftMs / unit.ms)}${unit.name}`
    leftMs %= unit.ms
  }
  return text
}
