/** Numbers as Prometheus writes them. */

export function shownNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  return String(value)
}

/** All digits and no exponent, as values become labels. */
export function shownDigits(value: number): string {
  if (Object.is(value, -0)) return '-0'
  const [digits = '', exponent] = shownNumber(value).split('e')
  if (exponent === undefined) return digits
  if (Number(exponent) > 0) return BigInt(value).toString()
  const [sign, bare] = digits.startsWith('-') ? ['-', digits.slice(1)] : ['', digits]
  return `${sign}0.${'0'.repeat(-Number(exponent) - 1)}${bare.replace('.', '')}`
}
