/** Prometheus's template functions for numbers. Source: prometheus/template/template.go. */
import { formatG } from './go-format.ts'

const big = ['', 'k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y']
const small = ['', 'm', 'u', 'n', 'p', 'f', 'a', 'z', 'y']

const short = (value: number) => formatG(value, 4)

/** `1234567` is `1.235M`, `0.00123` is `1.23m`. */
export function humanize(value: number): string {
  if (value === 0 || !Number.isFinite(value)) return short(value)
  if (Math.abs(value) >= 1) {
    const [scaled, steps] = scaledDown(value, 1000, big.length - 1, (left) => left >= 1000)
    return `${short(scaled)}${big[steps]}`
  }
  return belowOne(value, '')
}

/** `1048576` is `1Mi`. */
export function humanize1024(value: number): string {
  if (Math.abs(value) <= 1 || !Number.isFinite(value)) return short(value)
  const [scaled, steps] = scaledDown(value, 1024, big.length - 1, (left) => left >= 1024)
  return `${short(scaled)}${steps > 0 ? `${big[steps]}i` : ''}`
}

/** A ratio: `0.123` is `12.3%`. */
export function humanizePercentage(value: number): string {
  return `${short(value * 100)}%`
}

/** Seconds: `93784` is `1d 2h 3m 4s`, `0.0012` is `1.2ms`. */
export function humanizeDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) return short(seconds)
  if (seconds === 0) return '0s'
  if (Math.abs(seconds) < 1) return `${belowOne(seconds, 's')}`
  const sign = seconds < 0 ? '-' : ''
  const whole = Math.trunc(Math.abs(seconds))
  const [days, hours, minutes] = [
    Math.floor(whole / 86_400),
    Math.floor(whole / 3600) % 24,
    Math.floor(whole / 60) % 60,
  ]
  if (days > 0) return `${sign}${days}d ${hours}h ${minutes}m ${whole % 60}s`
  if (hours > 0) return `${sign}${hours}h ${minutes}m ${whole % 60}s`
  if (minutes > 0) return `${sign}${minutes}m ${whole % 60}s`
  return `${sign}${short(Math.abs(seconds))}s`
}

function scaledDown(value: number, by: number, most: number, more: (left: number) => boolean): [number, number] {
  let [left, steps] = [value, 0]
  while (steps < most && more(Math.abs(left))) {
    left /= by
    steps++
  }
  return [left, steps]
}

function belowOne(value: number, unit: string): string {
  let [left, steps] = [value, 0]
  while (steps < small.length - 1 && Math.abs(left) < 1) {
    left *= 1000
    steps++
  }
  return `${short(left)}${small[steps]}${unit}`
}
