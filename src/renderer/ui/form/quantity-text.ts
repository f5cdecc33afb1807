/**
 * Durations and sizes as people type them: `90s`, `1m 30s`, `1.5 h`, `2 MiB`. The stored number stays in the schema's
 * unit; the text is the shortest that gives exactly that number back.
 */

interface Scale {
  /** Largest first, in the base unit. */
  readonly steps: readonly { readonly unit: string; readonly size: number; readonly accepted: RegExp }[]
  readonly example: string
  /** The unit of a bare number. */
  readonly bare: string
}

const durationScale: Scale = {
  steps: [
    { unit: 'd', size: 86_400_000, accepted: /^(d|day|days)$/i },
    { unit: 'h', size: 3_600_000, accepted: /^(h|hr|hour|hours)$/i },
    { unit: 'min', size: 60_000, accepted: /^(m|min|mins|minute|minutes)$/i },
    { unit: 's', size: 1000, accepted: /^(s|sec|secs|second|seconds)$/i },
    { unit: 'ms', size: 1, accepted: /^(ms|msec|millisecond|milliseconds)$/i },
  ],
  example: '30 s, 5 min or 1 h',
  bare: 's',
}

const sizeScale: Scale = {
  steps: [
    { unit: 'GiB', size: 1_073_741_824, accepted: /^(g|gb|gib)$/i },
    { unit: 'MiB', size: 1_048_576, accepted: /^(m|mb|mib)$/i },
    { unit: 'KiB', size: 1024, accepted: /^(k|kb|kib)$/i },
    { unit: 'B', size: 1, accepted: /^(b|byte|bytes)$/i },
  ],
  example: '64 KiB or 2 MiB',
  bare: 'B',
}

export type QuantityUnit = 'ms' | 'bytes'

export type ParsedQuantity =
  | { readonly ok: true; readonly value: number }
  | { readonly ok: false; readonly message: string }

const scales: Readonly<Record<QuantityUnit, Scale>> = { ms: durationScale, bytes: sizeScale }

export function isQuantityUnit(unit: string | null): unit is QuantityUnit {
  return unit === 'ms' || unit === 'bytes'
}

/** The number in `unit` that the text names. A bare number is seconds, or bytes. Several parts add up. */
export function parseQuantity(text: string, unit: QuantityUnit): ParsedQuantity {
  const scale = scales[unit]
  const refuse = (): ParsedQuantity => ({
    ok: false,
    message: `Expected ${unit === 'ms' ? 'a duration' : 'a size'} such as ${scale.example}, got "${text.trim()}".`,
  })
  let rest = text.trim().replace(',', '.')
  if (rest === '') return refuse()
  let total = 0
  while (rest !== '') {
    const part = /^(\d+(?:\.\d+)?)\s*([a-z]*)\s*/i.exec(rest)
    if (!part) return refuse()
    const [whole, amount, named] = part
    const bare = named === undefined || named === ''
    if (bare && whole !== rest) return refuse()
    const step = scale.steps.find(({ unit, accepted }) => (bare ? unit === scale.bare : accepted.test(named)))
    if (!step) return refuse()
    total += Number(amount) * step.size
    rest = rest.slice(whole.length)
  }
  return { ok: true, value: Math.round(total) }
}

/** `90000` ms reads "1 min 30 s"; parsing it gives the same whole number back. Zero is "0 s" or "0 B". */
export function quantityText(value: number, unit: QuantityUnit): string {
  const scale = scales[unit]
  if (value === 0) return `0 ${scale.bare}`
  const parts: string[] = []
  let rest = Math.round(value)
  for (const { unit: name, size } of scale.steps) {
    const count = Math.floor(rest / size)
    if (count === 0) continue
    parts.push(`${count} ${name}`)
    rest -= count * size
  }
  return parts.join(' ')
}
