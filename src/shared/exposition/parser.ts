/**
 * Reads what exporters expose, in the Prometheus text format 0.0.4 or OpenMetrics 1.0, piece by piece as it comes from
 * the wire: nothing of it is kept but the unfinished line. The text of a series is handed over as it stands, and is only
 * taken apart when somebody asks: whoever scrapes the same series again knows it by that text.
 */

import {
  closeBrace,
  closingQuote,
  endOfToken,
  hash,
  isBlank,
  openBrace,
  quote,
  skipBlanks,
  space,
} from './characters.ts'
import { createConformance } from './conformance.ts'
import { ExpositionError, Misread, shown } from './exposition-error.ts'
import { type Metadata, readOpenMetadata, readTextMetadata } from './metadata-line.ts'
import { readFloat, readMilliseconds, readSeconds } from './numbers.ts'
import {
  type ExpositionSeries,
  endOfSeries,
  readLabels,
  readSeries,
  type SeriesLimits,
  type SeriesReading,
} from './series.ts'
import { binaryOf, charactersBefore } from './utf8.ts'

export type ExpositionFormat = 'text' | 'openmetrics'

export interface ExpositionSink {
  /**
   * `raw`: the series as it stands, a view into the piece that was fed; keep a copy of it, not itself. `at`: epoch ms, NaN
   * where the exposition gives none. `read` takes the series apart and throws ExpositionError where it is none: a sample
   * whose series is not known to be good must be read. It is good during this call.
   */
  sample(raw: string, value: number, at: number, read: () => ExpositionSeries): void
  metadata(metadata: Metadata): void
}

export interface ExpositionLimits extends SeriesLimits {
  readonly lineLength: number
}

const defaultLimits: ExpositionLimits = {
  lineLength: 2 ** 20,
  labels: 1000,
  nameLength: 10_000,
  valueLength: 2 ** 19,
}

export interface ExpositionOptions {
  readonly format: ExpositionFormat
  readonly limits?: Partial<ExpositionLimits>
  /** Holds the text to every letter of its format, where Prometheus lets things pass when it scrapes. */
  readonly isStrict?: boolean
}

export interface ExpositionParser {
  /** A piece of the text: characters, or bytes of UTF-8; always the same of the two. Throws ExpositionError. */
  push(piece: string | Uint8Array): void
  /** Bytes as a text of one character each, which who has a quick way to make it hands over instead of the bytes. */
  pushBinary(piece: string): void
  /** There is no more. Throws ExpositionError where something is missing. */
  end(): void
  /** Of the line that was read last; 0 before the first. */
  line(): number
}

/** OpenMetrics: characters of an exemplar's label names and values together. */
const mostExemplarCharacters = 128

export function createExpositionParser(options: ExpositionOptions, sink: ExpositionSink): ExpositionParser {
  const { format, isStrict = false } = options
  const limits = { ...defaultLimits, ...options.limits }
  const isText = format === 'text'
  const conformance = isStrict ? createConformance(format) : null
  const readLine = isText ? textLine : openLine
  /** The beginning of a line whose end has not come. */
  let begun: string[] = []
  let begunLength = 0
  let line = 0
  let isOver = false
  let reading: SeriesReading = { limits, isBinary: false, knownEscapesOnly: isStrict && isText }
  // The sample that `read` speaks of.
  let text = ''
  let lineFrom = 0
  let seriesFrom = 0
  let seriesTo = 0

  const fail = (offset: number, message: string): never => {
    if (offset < 0) throw new ExpositionError(line, 1, message)
    const column = reading.isBinary ? charactersBefore(text.slice(lineFrom), offset - lineFrom) : offset - lineFrom
    throw new ExpositionError(line, column + 1, message)
  }

  function located<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      if (error instanceof Misread) return fail(error.offset, error.message)
      throw error
    }
  }

  const metadataIs = (metadata: Metadata) => {
    conformance?.metadata(metadata)
    sink.metadata(metadata)
  }

  const sampleIs = (value: number, at: number) => {
    conformance?.sample(read(), value, at)
    sink.sample(text.slice(seriesFrom, seriesTo), value, at, read)
  }

  const read = () => located(() => readSeries(text, seriesFrom, seriesTo, reading))

  function lines(piece: string): void {
    let from = 0
    let end = piece.indexOf('\n')
    if (end >= 0 && begunLength > 0) {
      const rest = begun.join('') + piece.slice(0, end + 1)
      begun = []
      begunLength = 0
      oneLine(rest, 0, rest.length - 1)
      from = end + 1
      end = piece.indexOf('\n', from)
    }
    while (end >= 0) {
      oneLine(piece, from, end)
      from = end + 1
      end = piece.indexOf('\n', from)
    }
    if (from === piece.length) return
    begun.push(from === 0 ? piece : piece.slice(from))
    begunLength += piece.length - from
    if (begunLength > limits.lineLength) tooLong(line + 1)
  }

  const tooLong = (number: number): never => {
    throw new ExpositionError(number, 1, `expected lines of at most ${limits.lineLength} characters, got a longer one`)
  }

  function oneLine(piece: string, from: number, to: number): void {
    line++
    if (to - from > limits.lineLength) tooLong(line)
    text = piece
    lineFrom = from
    try {
      readLine(from, to)
    } catch (error) {
      if (error instanceof Misread) fail(error.offset, error.message)
      throw error
    }
  }

  function textLine(lineStart: number, to: number): void {
    const from = skipBlanks(text, lineStart, to)
    if (from === to) return
    if (text.charCodeAt(from) === hash) {
      const metadata = readTextMetadata(text, from, to, reading)
      if (metadata) metadataIs(metadata)
      return
    }
    seriesFrom = from
    seriesTo = endOfSeries(text, from, to, true)
    const valueFrom = skipBlanks(text, seriesTo, to)
    const isApart = valueFrom > seriesTo || text.charCodeAt(seriesTo - 1) === closeBrace
    if (valueFrom === to || !isApart)
      throw new Misread(valueFrom, `expected a value, got ${shown(text, valueFrom, to)}`)
    const valueTo = endOfToken(text, valueFrom, to)
    const value = valueIn(valueFrom, valueTo)
    const timeFrom = skipBlanks(text, valueTo, to)
    let at = Number.NaN
    if (timeFrom < to) {
      const timeTo = endOfToken(text, timeFrom, to)
      const milliseconds = readMilliseconds(text, timeFrom, timeTo)
      if (milliseconds === undefined) {
        throw new Misread(timeFrom, `expected a timestamp in whole milliseconds, got ${shown(text, timeFrom, to)}`)
      }
      at = milliseconds
      const rest = skipBlanks(text, timeTo, to)
      if (rest < to)
        throw new Misread(rest, `expected the end of the line after the timestamp, got ${shown(text, rest, to)}`)
    }
    sampleIs(value, at)
  }

  function valueIn(from: number, to: number): number {
    const value = readFloat(text, from, to)
    if (value === undefined) {
      throw new Misread(from, `expected a number such as 12.5, +Inf or NaN, got ${shown(text, from, to)}`)
    }
    return value
  }

  function openLine(from: number, to: number): void {
    if (isOver) throw new Misread(from, `expected nothing after "# EOF", got ${shown(text, from, to)}`)
    if (text.charCodeAt(from) === hash) {
      if (to - from === 5 && text.startsWith('# EOF', from)) {
        isOver = true
        return
      }
      metadataIs(readOpenMetadata(text, from, to, reading))
      return
    }
    if (from === to) throw new Misread(from, 'expected a sample, metadata or "# EOF", got an empty line')
    seriesFrom = from
    seriesTo = endOfSeries(text, from, to, false)
    if (isStrict && text.charCodeAt(seriesTo - 1) === closeBrace) strictBraces(seriesFrom, seriesTo)
    if (text.charCodeAt(seriesTo) !== space || isBlankOrEnd(seriesTo + 1, to)) {
      throw new Misread(seriesTo, `expected one blank and a value, got ${shown(text, seriesTo, to)}`)
    }
    const valueFrom = seriesTo + 1
    const valueTo = endOfSpaced(valueFrom, to)
    const value = valueIn(valueFrom, valueTo)
    let next = valueTo
    let at = Number.NaN
    if (next < to && text.charCodeAt(next + 1) !== hash) {
      const timeTo = endOfSpaced(next + 1, to)
      at = secondsIn(next + 1, timeTo, to)
      next = timeTo
    }
    sampleIs(value, at)
    if (next < to) exemplar(next, to)
  }

  const isBlankOrEnd = (at: number, to: number) => at >= to || isBlank(text.charCodeAt(at))

  function endOfSpaced(from: number, to: number): number {
    const end = text.indexOf(' ', from)
    return end < 0 || end > to ? to : end
  }

  function secondsIn(from: number, tokenTo: number, to: number): number {
    const seconds = readSeconds(text, from, tokenTo)
    if (seconds === undefined) throw new Misread(from, `expected a timestamp in seconds, got ${shown(text, from, to)}`)
    return seconds
  }

  /** ` # {labels} value [timestamp]`: judged, and not kept. */
  function exemplar(from: number, to: number): void {
    if (!text.startsWith(' # {', from)) {
      throw new Misread(from, `expected the end of the line or an exemplar, got ${shown(text, from, to)}`)
    }
    const brace = from + 3
    const close = closeOf(brace, to)
    if (isStrict) strictBraces(brace, close + 1)
    const { name, labels } = readLabels(text, brace, close + 1, reading, null)
    if (name !== null) throw new Misread(brace, `expected labels with values, got ${shown(text, brace, to)}`)
    const length = labels.reduce((sum, [label, value]) => sum + [...label].length + [...value].length, 0)
    if (isStrict && length > mostExemplarCharacters) {
      throw new Misread(
        brace,
        `expected an exemplar's labels of at most ${mostExemplarCharacters} characters, got ${length}`,
      )
    }
    if (text.charCodeAt(close + 1) !== space) {
      throw new Misread(close + 1, `expected one blank and the exemplar's value, got ${shown(text, close + 1, to)}`)
    }
    const valueTo = endOfSpaced(close + 2, to)
    valueIn(close + 2, valueTo)
    if (valueTo < to) {
      const timeTo = endOfSpaced(valueTo + 1, to)
      secondsIn(valueTo + 1, timeTo, to)
      if (timeTo < to) throw new Misread(timeTo, `expected the end of the line, got ${shown(text, timeTo, to)}`)
    }
    conformance?.exemplar()
  }

  function closeOf(brace: number, to: number): number {
    for (let at = brace + 1; at < to; at++) {
      const code = text.charCodeAt(at)
      if (code === closeBrace) return at
      if (code === quote) {
        at = closingQuote(text, at, to)
        if (at < 0) break
      }
    }
    throw new Misread(to, 'expected "}" after the exemplar\'s labels, got the end of the line')
  }

  /** OpenMetrics has no blanks between braces, and no comma before the closing one. */
  function strictBraces(from: number, to: number): void {
    for (let at = text.charCodeAt(from) === openBrace ? from : text.indexOf('{', from); at < to; at++) {
      const code = text.charCodeAt(at)
      if (isBlank(code)) throw new Misread(at, 'expected no blank between labels')
      if (code === quote) at = closingQuote(text, at, to)
      if (at < 0) return
      if (text.startsWith(',}', at)) throw new Misread(at, 'expected a label after ","')
    }
  }

  function pushBinary(piece: string): void {
    if (!reading.isBinary) reading = { ...reading, isBinary: true }
    lines(piece)
  }

  return {
    push(piece) {
      if (typeof piece === 'string') lines(piece)
      else pushBinary(binaryOf(piece))
    },
    pushBinary,
    end() {
      if (begunLength > 0) {
        if (isStrict && isText) {
          line++
          throw new ExpositionError(line, begunLength + 1, 'expected a line end after the last line, got the end')
        }
        const rest = begun.join('')
        begun = []
        begunLength = 0
        oneLine(rest, 0, rest.length)
      }
      if (!isText && !isOver) {
        throw new ExpositionError(line + 1, 1, 'expected "# EOF" as the last line, got the end: the answer was cut off')
      }
      located(() => conformance?.end())
    },
    line: () => line,
  }
}
