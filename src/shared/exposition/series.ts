/** The series at the beginning of a sample's line: `name{label="value",...}` or `{"any name",label="value",...}`. */
import type { Labels } from '#shared/domain/series.ts'
import {
  closeBrace,
  closingQuote,
  comma,
  endOfLabel,
  endOfName,
  equals,
  isNameStart,
  openBrace,
  quote,
  skipBlanks,
} from './characters.ts'
import { Misread, shown } from './exposition-error.ts'
import { decodeUtf8 } from './utf8.ts'

export interface ExpositionSeries {
  readonly name: string
  /** Without those that are empty: they are no labels. */
  readonly labels: Labels
}

export interface SeriesLimits {
  readonly labels: number
  /** Characters of a label's name, and of a metric's. */
  readonly nameLength: number
  readonly valueLength: number
}

export interface SeriesReading {
  readonly limits: SeriesLimits
  /** One character a byte: what is not ASCII is decoded. */
  readonly isBinary: boolean
  /** Only the escapes that the format knows; otherwise others stand for themselves, as Prometheus has it. */
  readonly knownEscapesOnly: boolean
}

/** Throws Misread for what is no series. `to` is the offset after it, as `endOfSeries` told. */
export function readSeries(text: string, from: number, to: number, reading: SeriesReading): ExpositionSeries {
  let at = endOfName(text, from, to)
  const plainName = at > from ? text.slice(from, at) : null
  at = skipBlanks(text, at, to)
  if (at >= to) return { name: plainName ?? '', labels: {} }
  const read = readLabels(text, at, to, reading, plainName)
  if (read.name === null) {
    throw new Misread(from, 'expected the metric\'s name, such as {"name",label="value"}, got labels without one')
  }
  if (read.name.length > reading.limits.nameLength) {
    throw new Misread(
      from,
      `expected a name of at most ${reading.limits.nameLength} characters, got ${read.name.length}`,
    )
  }
  return { name: read.name, labels: Object.fromEntries(read.labels) }
}

/**
 * Labels in braces, `from` at the opening one, up to the closing one before `to`. `name`: the metric's, where it stands
 * before; one in quotes is taken otherwise. An exemplar has none.
 */
export function readLabels(
  text: string,
  from: number,
  to: number,
  reading: SeriesReading,
  name: string | null,
): { name: string | null; labels: [string, string][] } {
  const { limits } = reading
  const labels: [string, string][] = []
  const names = new Set<string>()
  let metric = name
  let at = skipBlanks(text, from + 1, to)
  while (text.charCodeAt(at) !== closeBrace) {
    const start = at
    let label: string
    if (text.charCodeAt(at) === quote) {
      const end = closedQuote(text, at, to)
      label = unquoted(text, at, end, reading)
      at = skipBlanks(text, end + 1, to)
      const next = text.charCodeAt(at)
      if (next === comma || next === closeBrace) {
        if (metric !== null)
          throw new Misread(start, `expected "=" and a value, for the metric is named ${metric} already`)
        if (label === '') throw new Misread(start, 'expected a name in the quotes, got none')
        metric = label
        at = afterComma(text, at, to)
        continue
      }
    } else {
      const end = endOfLabel(text, at, to)
      if (end === at) throw new Misread(at, `expected a label's name, got ${shown(text, at, to)}`)
      label = text.slice(at, end)
      at = skipBlanks(text, end, to)
    }
    if (text.charCodeAt(at) !== equals) {
      throw new Misread(at, `expected "=" after the label's name ${label}, got ${shown(text, at, to)}`)
    }
    at = skipBlanks(text, at + 1, to)
    if (text.charCodeAt(at) !== quote) {
      throw new Misread(at, `expected the value of ${label} in double quotes, got ${shown(text, at, to)}`)
    }
    const end = closedQuote(text, at, to)
    const value = unquoted(text, at, end, reading)
    if (label === '') throw new Misread(start, "expected a label's name in the quotes, got none")
    if (label === '__name__')
      throw new Misread(start, "expected a label other than __name__, which is the metric's name")
    if (names.has(label)) throw new Misread(start, `expected each label once, got ${label} twice`)
    if (label.length > limits.nameLength) {
      throw new Misread(start, `expected label names of at most ${limits.nameLength} characters, got ${label.length}`)
    }
    if (value.length > limits.valueLength) {
      throw new Misread(at, `expected label values of at most ${limits.valueLength} characters, got ${value.length}`)
    }
    names.add(label)
    if (names.size > limits.labels) throw new Misread(start, `expected at most ${limits.labels} labels, got more`)
    if (value !== '') labels.push([label, value])
    at = skipBlanks(text, end + 1, to)
    const next = text.charCodeAt(at)
    if (next !== comma && next !== closeBrace) {
      throw new Misread(at, `expected "," or "}" after the value of ${label}, got ${shown(text, at, to)}`)
    }
    at = afterComma(text, at, to)
  }
  return { name: metric, labels }
}

function afterComma(text: string, at: number, to: number): number {
  return text.charCodeAt(at) === comma ? skipBlanks(text, at + 1, to) : at
}

function closedQuote(text: string, at: number, to: number): number {
  const end = closingQuote(text, at, to)
  if (end < 0) throw new Misread(at, `expected a closing quote, got ${shown(text, at, to)}`)
  return end
}

/** What stands in the quotes at `from` and `end`. */
export function unquoted(text: string, from: number, end: number, reading: SeriesReading): string {
  const raw = text.slice(from + 1, end)
  const plain = raw.includes('\\') ? unescaped(raw, from + 1, reading.knownEscapesOnly) : raw
  return decoded(plain, from + 1, reading)
}

export function decoded(text: string, at: number, { isBinary }: Pick<SeriesReading, 'isBinary'>): string {
  const decodedText = isBinary ? decodeUtf8(text) : text
  if (decodedText === null) throw new Misread(at, 'expected UTF-8, got bytes that are none')
  return decodedText
}

/** Escapes of a label's value; those that the format does not know stand for themselves. */
function unescaped(raw: string, from: number, knownOnly: boolean): string {
  return raw.replace(/\\(.)/gs, (whole, char: string, offset: number) => {
    if (char === 'n') return '\n'
    if (char === '\\' || char === '"') return char
    if (knownOnly) throw new Misread(from + offset, `expected one of the escapes \\\\, \\" and \\n, got ${whole}`)
    return whole
  })
}

/** The offset after the series that begins at `from`. Throws Misread where none begins or its braces do not close. */
export function endOfSeries(text: string, from: number, to: number, blanksBeforeBrace: boolean): number {
  const first = text.charCodeAt(from)
  let at = from
  if (isNameStart(first)) {
    const end = endOfName(text, from, to)
    at = blanksBeforeBrace ? skipBlanks(text, end, to) : end
    if (text.charCodeAt(at) !== openBrace) return end
  } else if (first !== openBrace) {
    throw new Misread(from, `expected a metric's name or a comment, got ${shown(text, from, to)}`)
  }
  const brace = at
  for (at++; at < to; at++) {
    const code = text.charCodeAt(at)
    if (code === closeBrace) return at + 1
    if (code === quote) {
      at = closingQuote(text, at, to)
      if (at < 0)
        throw new Misread(to, `expected a closing quote in ${shown(text, brace, to)}, got the end of the line`)
    }
  }
  throw new Misread(to, `expected "}" after ${shown(text, brace, to)}, got the end of the line`)
}
