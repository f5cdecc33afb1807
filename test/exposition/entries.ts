/** Generated expositions: what may be said, in both formats. */
import fc from 'fast-check'
import type { ExpositionEntry } from '#shared/exposition/parse-exposition.ts'
import type { ExpositionFormat } from '#shared/exposition/parser.ts'

const plainName = fc.stringMatching(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,11}$/)
const anyText = fc.string({ unit: 'grapheme', maxLength: 12 })
const name = fc.oneof(
  { weight: 4, arbitrary: plainName },
  anyText.filter((text) => text !== ''),
)
const label = fc
  .oneof(
    { weight: 4, arbitrary: fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,7}$/) },
    anyText.filter((text) => text !== ''),
  )
  .filter((text) => text !== '__name__')
const value = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.integer({ min: -1_000_000, max: 1_000_000 }).map((thousandths) => thousandths / 1000),
)
const at = fc.option(fc.integer({ min: -8e12, max: 8e12 }))

const sample = fc
  .record({
    type: fc.constant('sample' as const),
    name,
    labels: fc.dictionary(
      label,
      anyText.filter((text) => text !== ''),
      { maxKeys: 5, noNullPrototype: true },
    ),
    value,
    at,
  })
  // Of numbers that are none there is one in a text.
  .map((entry) => ({ ...entry, value: Number.isNaN(entry.value) ? Number.NaN : entry.value }))

const help = fc.record({
  type: fc.constant('metadata' as const),
  kind: fc.constant('help' as const),
  metric: name,
  // The text format gives no blanks at the beginning.
  text: anyText.map((text) => text.replace(/^[ \t]+/, '')),
})
const type = fc.record({
  type: fc.constant('metadata' as const),
  kind: fc.constant('type' as const),
  metric: name,
  text: fc.constantFrom('counter', 'gauge', 'histogram', 'gaugehistogram', 'summary', 'info', 'stateset', 'unknown'),
})
const unit = fc.record({ metric: plainName, unit: fc.stringMatching(/^[a-z]{1,5}$/) }).map((of) => ({
  type: 'metadata' as const,
  kind: 'unit' as const,
  metric: `${of.metric}_${of.unit}`,
  text: of.unit,
}))

export const format: fc.Arbitrary<ExpositionFormat> = fc.constantFrom('text', 'openmetrics')

export function entriesOf(of: ExpositionFormat): fc.Arbitrary<ExpositionEntry[]> {
  const entry = of === 'text' ? fc.oneof(sample, help, type) : fc.oneof(sample, help, type, unit)
  // The types of the arbitraries are wider than the union: `text` of a type is one of the eight.
  return fc.array(entry, { maxLength: 8 }) as fc.Arbitrary<ExpositionEntry[]>
}
