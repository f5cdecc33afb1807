/** Numbers as Go's strconv reads them in expositions: no hexadecimal, no underscores, nothing out of range. */

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/
const infinite = /^([+-]?)inf(?:inity)?$/i
const minus = 45
const point = 46
const zero = 48
/** A mantissa of so many digits is exact, and so are these powers of ten: then their quotient is rounded once only. */
const exactDigits = 15
const powersOfTen = Float64Array.from({ length: exactDigits + 1 }, (_, power) => 10 ** power)

/** The number that stands in `[from, to)`; undefined where there is none. */
export function readFloat(text: string, from: number, to: number): number | undefined {
  const isNegative = text.charCodeAt(from) === minus
  const start = isNegative ? from + 1 : from
  const length = to - start
  if (length > 0 && length <= exactDigits) {
    let mantissa = 0
    let decimals = -1
    let at = start
    for (; at < to; at++) {
      const code = text.charCodeAt(at)
      if (code === point && decimals < 0 && length > 1) decimals = 0
      else if (code >= zero && code <= zero + 9) {
        mantissa = mantissa * 10 + (code - zero)
        if (decimals >= 0) decimals++
      } else break
    }
    if (at === to) {
      const value = decimals > 0 ? mantissa / (powersOfTen[decimals] ?? 1) : mantissa
      return isNegative ? -value : value
    }
  }
  return anyFloat(text.slice(from, to))
}

function anyFloat(text: string): number | undefined {
  if (decimal.test(text)) {
    const value = Number(text)
    return Number.isFinite(value) ? value : undefined
  }
  const sign = infinite.exec(text)?.[1]
  if (sign !== undefined) return sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  return /^nan$/i.test(text) ? Number.NaN : undefined
}

/** Go's int64, which a timestamp of the text format has to fit into. */
const mostInt64 = 2 ** 63

/** Whole milliseconds; undefined where there are none. */
export function readMilliseconds(text: string, from: number, to: number): number | undefined {
  const token = text.slice(from, to)
  if (!/^[+-]?\d+$/.test(token)) return undefined
  const value = Number(token)
  return Math.abs(value) < mostInt64 ? value : undefined
}

/** Seconds, as OpenMetrics has them, in whole milliseconds; undefined where there are none. */
export function readSeconds(text: string, from: number, to: number): number | undefined {
  const seconds = readFloat(text, from, to)
  return seconds === undefined || !Number.isFinite(seconds) ? undefined : Math.round(seconds * 1000)
}
