/** Runs one test file: loads, evaluates, compares. */
import { type SampleBook, sampleBook } from '#main/alerts/unit-test/sample-book.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { SelectedSeries } from '#shared/domain/series.ts'
import type { VectorSelector } from '#shared/promql/ast.ts'
import { instantOf, rangeOf } from '#shared/promql/evaluate.ts'
import type { EvaluationOptions, StepRange } from '#shared/promql/evaluation.ts'
import { type Fetch, fetchesOf, selectorsIn, selectorsOf } from '#shared/promql/fetches.ts'
import { type Parsed, parsePromql } from '#shared/promql/parse.ts'
import { resultOf } from '#shared/promql/steps.ts'
import { compareInstant, compareMiddle, compareNotes, compareRange, meets } from './compare.ts'
import { type Evaluation, type Expected, parseScript } from './script.ts'
import type { ExpectedSeries } from './series-line.ts'

export interface Failure {
  readonly line: number
  /** Of an evaluation; null for a line that cannot be read. */
  readonly expr: string | null
  readonly message: string
}

export interface Outcome {
  readonly passed: number
  readonly failures: readonly Failure[]
}

interface World {
  book: SampleBook
  /** Loaded series that are not there, by their names. */
  readonly missing: Map<string, string>
}

export async function runScript(source: string, options: EvaluationOptions): Promise<Outcome> {
  const world: World = { book: sampleBook(), missing: new Map() }
  const failures: Failure[] = []
  let passed = 0
  for (const command of parseScript(source)) {
    switch (command.type) {
      case 'misread':
        failures.push({ line: command.line, expr: null, message: command.message })
        break
      case 'clear':
        world.book = sampleBook()
        world.missing.clear()
        break
      case 'load':
        for (const line of command.lines) {
          if ('type' in line) failures.push({ line: line.line, expr: null, message: line.message })
          else load(world, line, command.stepMs)
        }
        break
      case 'eval': {
        const message = await problemOf(command, world, options)
        if (message === null) passed++
        else failures.push({ line: command.line, expr: command.expr, message })
      }
    }
  }
  return { passed, failures }
}

function load({ book, missing }: World, { name, labels, values, unsupported }: ExpectedSeries, stepMs: number): void {
  if (unsupported !== null) missing.set(name, unsupported)
  const series = book.series(name, labels)
  if (!series) return
  values.forEach((value, index) => {
    if (value === 'stale') book.markStale(index * stepMs, [series])
    else if (value !== null) book.append(index * stepMs, [[series, value]])
  })
}

/** What went otherwise than expected; null when nothing did. */
async function problemOf(command: Evaluation, world: World, options: EvaluationOptions): Promise<string | null> {
  const { expected } = command
  const unsupported = expected.series.find((series) => series.unsupported !== null)?.unsupported
  if (unsupported) return `not supported: the result has series of which ${unsupported}`
  try {
    const parsed = parsePromql(command.expr)
    const lacking = missingIn(parsed, world)
    if (lacking) return lacking
    const problem = await differenceOf(parsed, command, world.book, options)
    return expected.failure ? (problem ?? 'expected a failure, got a result') : problem
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    if (!expected.failure) return `expected a result, got: ${error.message}`
    // Positions are Belfry's own; what Prometheus says comes first, and Belfry's advice behind it.
    const said = error.issues[0]?.message ?? error.message
    if (meets(said, expected.failure) || meets(said.split('. ', 1)[0] ?? said, expected.failure)) return null
    return `expected the failure ${shownText(expected.failure)}, got: ${error.message}`
  }
}

function missingIn({ expr }: Parsed, { missing }: World): string | null {
  if (missing.size === 0) return null
  for (const { selector } of selectorsIn(expr)) {
    const name = selector.matchers.find(({ label, op }) => label === '__name__' && op === '=')?.value
    const why = name === undefined ? [...missing.values()][0] : missing.get(name)
    if (why !== undefined) return `not supported: it reads ${name ?? 'series'}, and ${why}`
  }
  return null
}

async function differenceOf(
  parsed: Parsed,
  { when, expected, expr }: Evaluation,
  book: SampleBook,
  options: EvaluationOptions,
): Promise<string | null> {
  if (!('at' in when)) {
    const result = resultOf(rangeOf(parsed, await gathered(fetchesOf(parsed.expr, when, options), book), when, options))
    return expected.failure ? null : (compareNotes(result, expected) ?? compareRange(result, expected, when))
  }
  const data = await gathered(selectorsOf(parsed.expr, when.at, options), book)
  const result = resultOf(instantOf(parsed, data, when.at, options))
  if (expected.failure) return null
  const problem = compareNotes(result, expected) ?? compareInstant(result, expected)
  if (problem !== null || !isTheSameInARange(expr, expected)) return problem
  const around: StepRange = { start: when.at - minuteMs, end: when.at + minuteMs, stepMs: minuteMs }
  const fetched = await gathered(fetchesOf(parsed.expr, around, options), book)
  const difference = compareMiddle(resultOf(rangeOf(parsed, fetched, around, options)), expected)
  return difference && `in the middle of a range: ${difference}`
}

const minuteMs = 60_000

/** Prometheus's runner evaluates every instant as a step of a range, too; these cannot be. */
function isTheSameInARange(expr: string, expected: Expected): boolean {
  return !expected.isOrdered && expected.text === null && !expected.range && !/(start|end|range|step)\(\)/.test(expr)
}

async function gathered(fetches: readonly Fetch[], book: SampleBook): Promise<Map<VectorSelector, SelectedSeries[]>> {
  const data = new Map<VectorSelector, SelectedSeries[]>()
  for (const { selector, matchers, from, to } of fetches) data.set(selector, await book.select(matchers, { from, to }))
  return data
}

const shownText = ({ text, isPattern }: { text: string; isPattern: boolean }) => (isPattern ? `/${text}/` : `"${text}"`)
