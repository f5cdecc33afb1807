/** Lines that begin with `#`: what is said of a metric, or a comment. */
import { endOfName, endOfToken, quote, skipBlanks, space } from './characters.ts'
import { Misread, shown } from './exposition-error.ts'
import { decoded, type SeriesReading, unquoted } from './series.ts'

const textTypes = [
  'counter',
  'gauge',
  'histogram',
  'gaugehistogram',
  'summary',
  'info',
  'stateset',
  'unknown',
  'untyped',
]
const openMetricsTypes = textTypes.filter((type) => type !== 'untyped')

export type Metadata =
  | { readonly kind: 'type'; readonly metric: string; readonly text: MetricType }
  | { readonly kind: 'help' | 'unit'; readonly metric: string; readonly text: string }

export type MetricType =
  | 'counter'
  | 'gauge'
  | 'histogram'
  | 'gaugehistogram'
  | 'summary'
  | 'info'
  | 'stateset'
  | 'unknown'

/** A line of the text format, `from` at its `#`; null for a comment. Throws Misread. */
export function readTextMetadata(text: string, from: number, to: number, reading: SeriesReading): Metadata | null {
  const wordAt = skipBlanks(text, from + 1, to)
  const wordEnd = endOfToken(text, wordAt, to)
  const word = text.slice(wordAt, wordEnd)
  if (wordAt === from + 1 || (word !== 'HELP' && word !== 'TYPE')) return null
  const nameAt = skipBlanks(text, wordEnd, to)
  // Nothing after it is a comment still.
  if (nameAt >= to) return null
  const { name, end } = metricAt(text, nameAt, to, word, reading)
  const textAt = skipBlanks(text, end, to)
  if (textAt === end && end < to)
    throw new Misread(end, `expected a blank after the metric's name, got ${shown(text, end, to)}`)
  if (word === 'HELP') return { kind: 'help', metric: name, text: help(text, textAt, to, reading) }
  return { kind: 'type', metric: name, text: typeAt(text, textAt, to, textTypes) }
}

/** A line of OpenMetrics, `from` at its `#`. It has no comments. Throws Misread. */
export function readOpenMetadata(text: string, from: number, to: number, reading: SeriesReading): Metadata {
  const word = text.slice(from + 2, from + 6)
  const isKnown = word === 'HELP' || word === 'TYPE' || word === 'UNIT'
  if (!isKnown || text.charCodeAt(from + 1) !== space || text.charCodeAt(from + 6) !== space) {
    throw new Misread(from, `expected "# HELP", "# TYPE", "# UNIT" or "# EOF", got ${shown(text, from, to)}`)
  }
  const { name, end } = metricAt(text, from + 7, to, word, reading)
  if (end >= to) throw new Misread(to, `expected a text after ${name}, got the end of the line`)
  if (text.charCodeAt(end) !== space) {
    throw new Misread(end, `expected a blank after the metric's name, got ${shown(text, end, to)}`)
  }
  const textAt = end + 1
  switch (word) {
    case 'HELP':
      return { kind: 'help', metric: name, text: help(text, textAt, to, reading) }
    case 'TYPE':
      return { kind: 'type', metric: name, text: typeAt(text, textAt, to, openMetricsTypes) }
    case 'UNIT': {
      const unit = text.slice(textAt, to)
      if (unit !== '' && !name.endsWith(`_${unit}`)) {
        throw new Misread(
          textAt,
          `expected the unit to be the end of the metric's name ${name}, got ${shown(text, textAt, to)}`,
        )
      }
      return { kind: 'unit', metric: name, text: decoded(unit, textAt, reading) }
    }
  }
}

function metricAt(text: string, from: number, to: number, word: string, reading: SeriesReading) {
  if (text.charCodeAt(from) === quote) {
    let end = from + 1
    while (end < to && text.charCodeAt(end) !== quote) end += text[end] === '\\' ? 2 : 1
    if (end < to) return { name: unquoted(text, from, end, reading), end: end + 1 }
  }
  const end = endOfName(text, from, to)
  // A digit may only follow.
  if (end === from || /\d/.test(text[from] ?? '')) {
    throw new Misread(from, `expected a metric's name after ${word}, got ${shown(text, from, to)}`)
  }
  return { name: text.slice(from, end), end }
}

function typeAt(text: string, from: number, to: number, types: readonly string[]): MetricType {
  const word = types === textTypes ? text.slice(from, to).trimEnd() : text.slice(from, to)
  if (!types.includes(word)) {
    throw new Misread(from, `expected a type among ${types.join(', ')}, got ${shown(text, from, to)}`)
  }
  // It is one of the list.
  return (word === 'untyped' ? 'unknown' : word) as MetricType
}

function help(text: string, from: number, to: number, reading: SeriesReading): string {
  const raw = decoded(text.slice(from, to), from, reading)
  if (!raw.includes('\\')) return raw
  return raw.replace(/\\([\\n"])/g, (_, char: string) => (char === 'n' ? '\n' : char))
}
