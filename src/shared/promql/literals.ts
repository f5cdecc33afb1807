/** Numbers and strings as PromQL writes them. */
import { parseDurationMs } from './duration.ts'

/** `1.5e3`, `0x1F`, `Inf`, `NaN`, `1_000`, or a duration in seconds (`5m` is 300). Null when the text is none. */
export function parseNumber(text: string): number | null {
  const signed = /^([+-]?)(.*)$/s.exec(text)
  const sign = signed?.[1] === '-' ? -1 : 1
  const digits = (signed?.[2] ?? '').toLowerCase().replaceAll('_', '')
  if (digits === 'inf') return sign * Number.POSITIVE_INFINITY
  if (digits === 'nan') return Number.NaN
  if (/^0[0-7]+$/.test(digits)) return sign * Number.parseInt(digits, 8)
  if (/^(0x[0-9a-f]+|0b[01]+|0o[0-7]+|\d*\.?\d+(e[+-]?\d+)?|\d+\.(e[+-]?\d+)?)$/.test(digits)) {
    return sign * Number(digits)
  }
  const durationMs = parseDurationMs(digits)
  return durationMs === null ? null : (sign * durationMs) / 1000
}

const simpleEscapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
}

/**
 * The value of a quoted string with Go's escapes; backticks quote raw text. Null when an escape is none, or the
 * closing quote is missing.
 * `\x` and octal escapes name code points here, where Go's name bytes: they agree below 0x80.
 */
export function parseString(quoted: string): string | null {
  if (quoted.length < 2 || quoted[0] !== quoted.at(-1)) return null
  const body = quoted.slice(1, -1)
  if (quoted.startsWith('`')) return body
  let valid = true
  const value = body.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.)|$)/gs,
    (_all, hex2, hex4, hex8, octal, simple: string | undefined) => {
      const hex = hex2 ?? hex4 ?? hex8
      const code =
        hex === undefined ? (octal === undefined ? null : Number.parseInt(octal, 8)) : Number.parseInt(hex, 16)
      if (code !== null && code <= 0x10ffff) return String.fromCodePoint(code)
      const escaped = simple === undefined ? undefined : simpleEscapes[simple]
      if (escaped === undefined) valid = false
      return escaped ?? ''
    },
  )
  return valid ? value : null
}
