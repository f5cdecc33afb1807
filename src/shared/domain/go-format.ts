/** Numbers as Go prints them, so that a rule's annotations read the same here as in Prometheus. */

/** Without a precision, Go writes numbers from a million on with an exponent. */
const shortestExponent = 6

/** `%g` with a precision of significant digits, and with `null` the shortest that reads back as the same number. */
export function formatG(value: number, precision: number | null): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  if (value === 0) return Object.is(value, -0) ? '-0' : '0'
  const [digits = '', exponentText = '0'] = value
    .toExponential(precision === null ? undefined : Math.max(1, precision) - 1)
    .split('e')
  const exponent = Number(exponentText)
  const significant = digits.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '')
  if (exponent < -4 || exponent >= (precision ?? shortestExponent)) return `${significant}e${twoDigits(exponent)}`
  const count = significant.replace(/[-.]/g, '').length
  return plain(value, Math.max(0, count - 1 - exponent), precision)
}

/** `%e`: Go writes at least two digits of the exponent. */
export function formatE(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return formatG(value, null)
  const [digits, exponent] = value.toExponential(decimals).split('e')
  return `${digits}e${twoDigits(Number(exponent))}`
}

/** `%f`. */
export function formatF(value: number, decimals: number): string {
  if (!Number.isFinite(value)) return formatG(value, null)
  return Math.abs(value) < 1e21
    ? value.toFixed(decimals)
    : `${BigInt(value)}${decimals > 0 ? `.${'0'.repeat(decimals)}` : ''}`
}

function plain(value: number, decimals: number, precision: number | null): string {
  const rounded = precision === null ? value : Number(value.toPrecision(Math.max(1, precision)))
  return rounded.toFixed(Math.min(100, decimals))
}

function twoDigits(exponent: number): string {
  return `${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
}
