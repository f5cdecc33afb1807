/** Prometheus's durations: `5m`, `1h30m`, `250ms`; units from large to small, each at most once. */

const units: readonly (readonly [unit: string, ms: number])[] = [
  ['y', 365 * 86_400_000],
  ['w', 7 * 86_400_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
]

const pattern = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/

/**
 * Milliseconds of a duration such as `1h30m` or `0`; null when the text is none.
 * Source: prometheus/common/model/time.go, ParseDuration.
 */
export function parseDurationMs(text: string): number | null {
  if (text === '0') return 0
  const match = text.length === 0 ? null : pattern.exec(text)
  if (!match) return null
  return units.reduce((sum, [, ms], index) => sum + Number(match[index + 1] ?? 0) * ms, 0)
}

/** The shortest exact form, such as `1h30m`; `0s` for zero. Years and weeks only where they divide evenly. */
export function formatDurationMs(durationMs: number): string {
  let left = Math.round(durationMs)
  if (left <= 0) return '0s'
  let text = ''
  for (const [unit, ms] of units) {
    if ((unit === 'y' || unit === 'w') && left % ms !== 0) continue
    const count = Math.floor(left / ms)
    if (count > 0) text += `${count}${unit}`
    left -= count * ms
  }
  return text
}
