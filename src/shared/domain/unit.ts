/**
 * Numbers with units as people read them. A scale is chosen once for the largest value of an axis and used for every
 * number beside it, so that 0.9 GiB and 1.1 GiB never stand there as 921 MiB and 1.1 GiB.
 */

/**
 * `ratio` is 0..1 and `percent` 0..100; both are shown as per cent. `bytes` are IEC (1024), `decimalBytes`, `bits` and
 * the rates of bits SI (1000). `seconds` and its like scale from ns to days. `instant` is seconds since 1970 and
 * `instantMs` milliseconds, both shown as a date in UTC.
 */
export const units = [
  'none',
  'perSecond',
  'perMinute',
  'bytes',
  'decimalBytes',
  'bits',
  'bytesPerSecond',
  'decimalBytesPerSecond',
  'bitsPerSecond',
  'seconds',
  'milliseconds',
  'microseconds',
  'nanoseconds',
  'ratio',
  'percent',
  'celsius',
  'hertz',
  'volts',
  'amperes',
  'watts',
  'rpm',
  'instant',
  'instantMs',
] as const
export type Unit = (typeof units)[number]

export interface Scale {
  /** Values are divided by this before they are shown. */
  readonly divisor: number
  /** With its leading space where one belongs; empty for plain numbers. */
  readonly suffix: string
  /** Parts of it do not exist, as of a byte. Default false. */
  readonly isWhole?: boolean
}

/** Shown where there is no data; never 0. */
export const noValue = '–'

const iec = [1, 1024, 1024 ** 2, 1024 ** 3, 1024 ** 4, 1024 ** 5]
const si = [1, 1e3, 1e6, 1e9, 1e12, 1e15]
const byteNames = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB']
const bitNames = ['bit/s', 'kbit/s', 'Mbit/s', 'Gbit/s', 'Tbit/s', 'Pbit/s']
const decimalByteNames = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']
const shortBitNames = ['bit', 'kbit', 'Mbit', 'Gbit', 'Tbit', 'Pbit']
const siPrefixes = ['', 'k', 'M', 'G', 'T', 'P']
const countNames = ['', ' k', ' M', ' G', ' T', ' P']

/** The scale for values whose largest magnitude is `largest`. Not finite or 0: the unit's base. */
export function scaleFor(unit: Unit, largest: number): Scale {
  const size = Number.isFinite(largest) ? Math.abs(largest) : 0
  switch (unit) {
    case 'none':
      return steps(size, si, countNames, '')
    case 'perSecond':
      return steps(size, si, countNames, '/s')
    case 'bytes':
      return { ...steps(size, iec, byteNames.map(spaced), ''), isWhole: size < 1024 }
    case 'bytesPerSecond':
      return steps(size, iec, byteNames.map(spaced), '/s')
    case 'bitsPerSecond':
      return steps(size, si, bitNames.map(spaced), '')
    case 'seconds':
      return secondsScale(size)
    case 'milliseconds':
      return timeScale(size, 1e3)
    case 'microseconds':
      return timeScale(size, 1e6)
    case 'nanoseconds':
      return timeScale(size, 1e9)
    case 'perMinute':
      return steps(size, si, countNames, '/min')
    case 'decimalBytes':
      return { ...steps(size, si, decimalByteNames.map(spaced), ''), isWhole: size < 1000 }
    case 'decimalBytesPerSecond':
      return steps(size, si, decimalByteNames.map(spaced), '/s')
    case 'bits':
      return steps(size, si, shortBitNames.map(spaced), '')
    case 'percent':
      return { divisor: 1, suffix: ' %' }
    case 'hertz':
      return prefixed(size, 'Hz')
    case 'volts':
      return prefixed(size, 'V')
    case 'amperes':
      return prefixed(size, 'A')
    case 'watts':
      return prefixed(size, 'W')
    case 'rpm':
      return { divisor: 1, suffix: ' rpm' }
    case 'instant':
    case 'instantMs':
      return { divisor: 1, suffix: '' }
    case 'ratio':
      return { divisor: 0.01, suffix: ' %' }
    case 'celsius':
      return { divisor: 1, suffix: ' °C' }
  }
}

/** One value in a given scale, with three significant digits or as many whole ones as it has. */
export function formatScaled(value: number | null, scale: Scale): string {
  if (value === null || Number.isNaN(value)) return noValue
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞'
  const scaled = value / scale.divisor
  return `${digits(scaled, scale.isWhole)}${scale.suffix}`
}

/** One value in a given scale with that many decimals: for the marks of an axis, which all have the same. */
export function formatFixed(value: number, scale: Scale, decimals: number): string {
  return `${(value / scale.divisor).toFixed(decimals).replace('-', '−')}${scale.suffix}`
}

/** One value by itself, in its own best scale. */
export function formatValue(value: number | null, unit: Unit): string {
  if (unit === 'instant') return formatInstant(value === null ? null : value * 1000)
  if (unit === 'instantMs') return formatInstant(value)
  return formatScaled(value, scaleFor(unit, value ?? 0))
}

/** A ratio 0..1 as per cent with fixed decimals, cut and not rounded up: 99.996 % never reads as 100 %. */
export function formatRatio(ratio: number | null, decimals = 1): string {
  if (ratio === null || Number.isNaN(ratio)) return noValue
  const factor = 10 ** decimals
  // The small term undoes binary noise such as 0.29 * 100 = 28.999999999999996.
  return `${(Math.floor(ratio * 100 * factor + 1e-9) / factor).toFixed(decimals)} %`
}

/** A whole number with thin groups: 12 345. */
export function formatCount(count: number): string {
  return new Intl.NumberFormat('en', { maximumFractionDigits: 0 }).format(count).replaceAll(',', '\u202f')
}

function digits(value: number, isWhole = false): string {
  const size = Math.abs(value)
  // The borders are where rounding would add a digit: 99.96 reads as 100, not as 100.0.
  const decimals = isWhole || size >= 99.95 || size === 0 ? 0 : size >= 9.995 ? 1 : size >= 0.01 ? 2 : 3
  const fixed = value.toFixed(decimals)
  return (Number(fixed) === 0 ? fixed.replace('-', '') : fixed).replace('-', '−')
}

function steps(size: number, divisors: readonly number[], names: readonly string[], tail: string): Scale {
  let index = 0
  while (index + 1 < divisors.length && size >= (divisors[index + 1] ?? Infinity)) index++
  return { divisor: divisors[index] ?? 1, suffix: `${names[index] ?? ''}${tail}` }
}

function secondsScale(size: number): Scale {
  if (size === 0 || size >= 1) {
    if (size >= 2 * 86_400) return { divisor: 86_400, suffix: ' d' }
    if (size >= 2 * 3600) return { divisor: 3600, suffix: ' h' }
    if (size >= 120) return { divisor: 60, suffix: ' min' }
    return { divisor: 1, suffix: ' s' }
  }
  if (size >= 1e-3) return { divisor: 1e-3, suffix: ' ms' }
  return size >= 1e-6 ? { divisor: 1e-6, suffix: ' µs' } : { divisor: 1e-9, suffix: ' ns' }
}

function timeScale(size: number, perSecond: number): Scale {
  const { divisor, suffix } = secondsScale(size / perSecond)
  return { divisor: divisor * perSecond, suffix }
}

const prefixed = (size: number, name: string) =>
  steps(
    size,
    si,
    siPrefixes.map((prefix) => ` ${prefix}${name}`),
    '',
  )

/** `2026-01-05 14:00:00 UTC`; the number itself where no calendar reaches. */
function formatInstant(ms: number | null): string {
  if (ms === null || Number.isNaN(ms)) return noValue
  if (Math.abs(ms) > latestInstantMs) return String(ms)
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`
}

const latestInstantMs = 8.64e15

const spaced = (name: string) => ` ${name}`
