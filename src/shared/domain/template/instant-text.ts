import { formatG } from '../go-format.ts'
import { RenderProblem } from './value.ts'

/** Beyond, nanoseconds no longer fit 64 bits, and Prometheus says so. */
const mostNanoseconds = 2 ** 63

/** Seconds since 1970 as Go prints an instant: `2026-01-05 12:00:00.5 +0000 UTC`. */
export function instantText(seconds: number): string {
  if (!Number.isFinite(seconds)) return formatG(seconds, 4)
  if (Math.abs(seconds * 1e9) >= mostNanoseconds) {
    throw new RenderProblem(`${formatG(seconds, null)} seconds since 1970 are beyond what an instant can be`)
  }
  const iso = new Date(Math.trunc(seconds * 1000)).toISOString()
  const fraction = iso.slice(19, 23).replace(/\.?0+$/, '')
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)}${fraction} +0000 UTC`
}
