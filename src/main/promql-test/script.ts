/**
 * Files in the format of Prometheus's own PromQL tests: `load`, `clear`, `eval instant`, `eval range` and what each
 * evaluation is expected to give. Source: prometheus/promql/promqltest/README.md.
 */
import { AppError } from '#shared/contract/errors.ts'
import { parseDurationMs } from '#shared/promql/duration.ts'
import { parseNumber, parseString } from '#shared/promql/literals.ts'
import { type ExpectedSeries, hasStartTimes, parseSeriesLine } from './series-line.ts'

export type Command =
  | { readonly type: 'clear'; readonly line: number }
  | { readonly type: 'load'; readonly line: number; readonly stepMs: number; readonly lines: readonly LoadedLine[] }
  | Evaluation

export type LoadedLine = ExpectedSeries | Misread

export interface Evaluation {
  readonly type: 'eval'
  /** From 1. */
  readonly line: number
  readonly expr: string
  /** An instant, or the steps of a range. */
  readonly when: { readonly at: number } | { readonly start: number; readonly end: number; readonly stepMs: number }
  readonly expected: Expected
}

/** A text to be met in full, or a pattern to be found in it. */
export interface ExpectedText {
  readonly text: string
  readonly isPattern: boolean
}

export interface Expected {
  readonly series: readonly ExpectedSeries[]
  /** A number instead of series. */
  readonly scalar: number | null
  readonly text: string | null
  /** The instants of the samples of a range vector. */
  readonly range: { readonly start: number; readonly stepMs: number } | null
  readonly isOrdered: boolean
  /** Null: it is to succeed. */
  readonly failure: ExpectedText | null
  readonly warnings: readonly ExpectedText[]
  readonly infos: readonly ExpectedText[]
  readonly noWarnings: boolean
  readonly noInfos: boolean
}

/** A line that is no command, with what is wrong with it. */
export interface Misread {
  readonly type: 'misread'
  readonly line: number
  readonly message: string
}

/** What cannot be read is told in its place, and the rest of the file is read. */
export function parseScript(source: string): (Command | Misread)[] {
  const lines = source.split('\n').map((line) => (line.trim().startsWith('#') ? '' : line.trim()))
  const commands: (Command | Misread)[] = []
  let index = 0
  while (index < lines.length) {
    const start = index
    const head = lines[index++] ?? ''
    if (head === '') continue
    const body: string[] = []
    const isBlock = /^(load|eval)/i.test(head)
    while (isBlock && index < lines.length && lines[index] !== '') body.push(lines[index++] ?? '')
    commands.push(readSafely(() => commandOf(head, body, start + 1), start + 1))
  }
  return commands
}

function readSafely<T>(read: () => T, line: number): T | Misread {
  try {
    return read()
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return { type: 'misread', line, message: error.message }
  }
}

function commandOf(head: string, body: readonly string[], line: number): Command {
  const word = head.split(/[\t ]+/, 1)[0]?.toLowerCase() ?? ''
  if (word === 'clear') return { type: 'clear', line }
  if (word.startsWith('load')) return loadOf(head, body, line)
  if (word.startsWith('eval')) return evaluationOf(head, body, line)
  throw new AppError('invalid', `expected load, clear or eval, got "${head}"`)
}

function loadOf(head: string, body: readonly string[], line: number): Command {
  const step = /^load(?:_with_nhcb)?\s+(.+)$/i.exec(head)?.[1]
  if (step === undefined) throw new AppError('invalid', `expected load and a step such as 5m, got "${head}"`)
  const alsoNative = head.toLowerCase().startsWith('load_with_nhcb')
  const stepMs = durationOf(step)
  const lines = body.flatMap((text, index): LoadedLine[] => {
    if (hasStartTimes(text)) return []
    const read = readSafely(() => parseSeriesLine(text), line + index + 1)
    if ('type' in read) return [read]
    const [identity = text] = text.split(/\s/, 1)
    const hasStart = body.some((other) => hasStartTimes(other) && other.startsWith(identity))
    const series = { ...read, unsupported: read.unsupported ?? (hasStart ? startTimes : null) }
    const whole = alsoNative ? /^(.+)_(?:bucket|sum|count)$/.exec(series.name)?.[1] : undefined
    // The buckets are there as they are; what Prometheus makes of them is not.
    const native = { name: whole ?? '', labels: {}, values: [], unsupported: nativeBuckets }
    return whole === undefined ? [series] : [series, native]
  })
  return { type: 'load', line, stepMs, lines }
}

const nativeBuckets = 'native histograms are not supported'
const startTimes = 'start timestamps are not supported'

const instant = /^eval(?:_(fail|warn|ordered|info))?\s+instant\s+(?:at\s+(.+?))?\s+(.+)$/
const range = /^eval(?:_(fail|warn|info))?\s+range\s+from\s+(.+)\s+to\s+(.+)\s+step\s+(.+?)\s+(.+)$/

function evaluationOf(head: string, body: readonly string[], line: number): Evaluation {
  const [, rangeMode, from = '', to = '', step = '', rangeExpr = ''] = range.exec(head) ?? []
  const [, instantMode, at = '', instantExpr = ''] = instant.exec(head) ?? []
  const expr = rangeExpr || instantExpr
  if (expr === '') {
    throw new AppError(
      'invalid',
      `expected eval instant at T EXPR or eval range from A to B step S EXPR, got "${head}"`,
    )
  }
  const when = rangeExpr
    ? { start: durationOf(from), end: durationOf(to), stepMs: durationOf(step) }
    : { at: durationOf(at) }
  return { type: 'eval', line, expr, when, expected: expectationOf(body, rangeMode ?? instantMode) }
}

interface Draft extends Omit<Expected, 'series' | 'warnings' | 'infos'> {
  series: ExpectedSeries[]
  warnings: ExpectedText[]
  infos: ExpectedText[]
}

const anything: ExpectedText = { text: '', isPattern: true }

/** `mode`: the older form of expecting, as in eval_fail. */
function expectationOf(body: readonly string[], mode: string | undefined): Expected {
  let draft: Draft = {
    ...{ series: [], scalar: null, text: null, range: null, isOrdered: mode === 'ordered' },
    failure: mode === 'fail' ? anything : null,
    warnings: mode === 'warn' ? [anything] : [],
    infos: mode === 'info' ? [anything] : [],
    ...{ noWarnings: false, noInfos: false },
  }
  for (const line of body) draft = withLine(draft, line)
  return draft
}

function withLine(draft: Draft, line: string): Draft {
  const older = /^expected_fail_(message|regexp)\s+(.*)$/.exec(line)
  if (older) return { ...draft, failure: { text: older[2]?.trim() ?? '', isPattern: older[1] === 'regexp' } }
  const vector = /^expect range vector\s+from\s+(.+)\s+to\s+(.+)\s+step\s+(.+)$/.exec(line)
  if (vector) return { ...draft, range: { start: durationOf(vector[1] ?? ''), stepMs: durationOf(vector[3] ?? '') } }
  if (line.startsWith('expect string ')) return { ...draft, text: stringIn(line.slice('expect string '.length)) }
  if (/^expect\s/.test(line)) return withExpectation(draft, line)
  const scalar = /\s/.test(line) ? null : parseNumber(line)
  if (scalar !== null) return { ...draft, scalar }
  draft.series.push(parseSeriesLine(line))
  return draft
}

function withExpectation(draft: Draft, line: string): Draft {
  const [, what, how, text = ''] = /^expect\s+(\w+)(?:\s+(msg|regex):(.+))?$/.exec(line) ?? []
  const expected = how === undefined ? anything : { text: text.trim(), isPattern: how === 'regex' }
  switch (what) {
    case 'ordered':
      return { ...draft, isOrdered: true }
    case 'fail':
      return { ...draft, failure: expected }
    case 'warn':
      return { ...draft, warnings: [...draft.warnings, expected] }
    case 'info':
      return { ...draft, infos: [...draft.infos, expected] }
    case 'no_warn':
      return { ...draft, noWarnings: true }
    case 'no_info':
      return { ...draft, noInfos: true }
    default:
      throw new AppError('invalid', `expected expect ordered, fail, warn, no_warn, info or no_info, got "${line}"`)
  }
}

function stringIn(quoted: string): string {
  const value = /^(["'`]).*\1$/s.test(quoted) ? parseString(quoted) : null
  if (value === null) throw new AppError('invalid', `expected a quoted string, got ${quoted}`)
  return value
}

/** Instants are durations since 1970; they may be negative here. */
function durationOf(text: string): number {
  const durationMs = parseDurationMs(text.trim().replace(/^-/, ''))
  if (durationMs === null) throw new AppError('invalid', `expected a duration such as 5m, got "${text}"`)
  return text.trim().startsWith('-') ? -durationMs : durationMs
}
