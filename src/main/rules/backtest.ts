/**
 * Backtests of rules: the expression over stored history, piece by piece in the read worker, and the state machine of
 * alerts fed with what it finds. Whether somebody looked is asked of history too: Belfry writes a series of its own for
 * as long as it runs.
 */
import type { Answer, QueryService } from '#main/query/query-service.ts'
import type { StepMatrix } from '#main/store/expressions/messages.ts'
import type { Backtest, BacktestQuestion } from '#shared/contract/alerts.ts'
import { AppError } from '#shared/contract/errors.ts'
import { createReplay, type Found, type Replay } from '#shared/domain/backtest.ts'
import type { Labels } from '#shared/domain/series.ts'
import { type Expr, unwrapped } from '#shared/promql/ast.ts'
import { lookedText } from '#shared/promql/looked-text.ts'
import { type Parsed, parsePromql } from '#shared/promql/parse.ts'
import { labelKey, withoutName } from '#shared/promql/values.ts'
import type { Pace } from './pace.ts'

/** Evaluations in one backtest; a longer range takes larger steps. */
const mostSteps = 50_000
/** Evaluations in one question: its answer is some megabytes for a hundred series. */
const stepsInPiece = 2000
const fewestStepsInPiece = 20
const mostSeriesShown = 100
const mostGapsShown = 200
/** Series that a backtest follows; more are a mistake in the expression. */
const mostSeriesFollowed = 10_000

/** Belfry's own process reports it while it runs, at least this often. */
const ownSeries = 'belfry_event_loop_delay_seconds{quantile="0.99"}'
const ownSeriesEveryMs = 90_000

export interface BacktestPorts {
  readonly queries: Pick<QueryService, 'range'>
  readonly monotonicMs: () => number
  readonly pace: Pace
  readonly signal: AbortSignal
  /** From 0 to 1. */
  readonly onProgress: (share: number) => void
}

interface Piece {
  readonly from: number
  /** Inclusive. */
  readonly to: number
  readonly stepMs: number
}

/** Rejects with AppError `invalid` for a wrong expression or range, `too-large`, or `closed` when it was cancelled. */
export async function runBacktest(question: BacktestQuestion, ports: BacktestPorts): Promise<Backtest> {
  const { from, to, stepMs } = gridOf(question)
  const parsed = vectorIn(question.expr)
  const startedMs = ports.monotonicMs()
  const followed = followSeries({ ...question, stepMs }, worseBy(parsed.expr), to)
  const tiers: Backtest['tiers'] = []
  const gaps: { from: number; to: number }[] = []
  let observedMs = 0
  let piece = stepsInPiece
  for (let at = from; at < to; ) {
    const last = Math.min(at + (piece - 1) * stepMs, to - 1)
    const asked = { from: at, to: at + Math.floor((last - at) / stepMs) * stepMs, stepMs }
    const found = await ask(parsed, asked, ports)
    if (found === 'too-large') {
      if (piece <= fewestStepsInPiece) throw tooLarge
      piece = Math.max(fewestStepsInPiece, piece >> 2)
      continue
    }
    const end = Math.min(to, asked.to + stepMs)
    const tier = tiers.at(-1)
    if (tier?.tier === found.tier) tiers[tiers.length - 1] = { ...tier, to: end }
    else tiers.push({ tier: found.tier, from: at, to: end })
    for (let step = 0; step < found.stepCount; step++) {
      const stepAt = at + step * stepMs
      const stepEnd = Math.min(to, stepAt + stepMs)
      if (found.isObserved(step)) observedMs += stepEnd - stepAt
      else if (gaps.at(-1)?.to === stepAt) gaps[gaps.length - 1] = { from: gaps.at(-1)?.from ?? stepAt, to: stepEnd }
      else gaps.push({ from: stepAt, to: stepEnd })
    }
    await followed.take(at, found, ports.pace)
    at = asked.to + stepMs
    ports.onProgress(Math.min(1, (at - from) / (to - from)))
  }
  const longest = gaps.toSorted((a, b) => b.to - b.from - (a.to - a.from)).slice(0, mostGapsShown)
  return {
    ...{ from, to, stepMs, tiers, observedMs },
    unobserved: longest.sort((a, b) => a.from - b.from),
    ...followed.result(),
    durationMs: ports.monotonicMs() - startedMs,
  }
}

const tooLarge = new AppError(
  'too-large',
  'The expression touches too many samples even in small pieces. Let it select fewer series, or ask for a shorter range.',
)

function gridOf({ from, to, everyMs }: BacktestQuestion): Piece {
  if (!(from < to)) throw new AppError('invalid', 'expected the end of the range after its start')
  const steps = Math.ceil((to - from) / everyMs)
  const stepMs = everyMs * Math.ceil(steps / mostSteps)
  return { from: Math.floor(from / stepMs) * stepMs, to, stepMs }
}

function vectorIn(expr: string): Parsed {
  const parsed = parsePromql(expr)
  const { type } = unwrapped(parsed.expr)
  if (type !== 'matrix-selector' && type !== 'subquery' && type !== 'string') return parsed
  throw new AppError('invalid', '1:1: expected an instant vector or a scalar, as rules have them')
}

interface PieceFound {
  readonly tier: Answer['tier']
  readonly stepCount: number
  readonly holding: StepMatrix
  readonly looked: StepMatrix
  isObserved(step: number): boolean
}

async function ask(parsed: Parsed, piece: Piece, ports: BacktestPorts): Promise<PieceFound | 'too-large'> {
  try {
    const range = (expr: string) => ports.queries.range({ expr, ...piece }, 'columns', ports.signal)
    const holding = await range(parsed.text)
    const looked = await range(lookedText(parsed))
    const windowMs = Math.max(ownSeriesEveryMs, piece.stepMs)
    const exact = holding.tier === 'raw' ? `count_over_time(${ownSeries}[${windowMs}ms])` : ownSeries
    const running = stepsOf(await range(exact))
    const isObserved = (step: number) =>
      running.labels.some((_, series) => running.present[series * running.stepCount + step] === 1)
    const { stepCount } = running
    return { tier: holding.tier, stepCount, holding: stepsOf(holding), looked: stepsOf(looked), isObserved }
  } catch (error) {
    if (error instanceof AppError && error.code === 'too-large') return 'too-large'
    throw error
  }
}

function stepsOf({ result }: Answer): StepMatrix {
  if (result.form === 'steps') return result.steps
  throw new AppError('invalid', '1:1: expected an instant vector or a scalar, as rules have them')
}

/** By the comparison on the outside: for `x < 1` the smallest value is the worst. */
function worseBy(expr: Expr): (a: number, b: number) => boolean {
  const node = unwrapped(expr)
  if (node.type === 'binary') {
    if (node.op === 'and' || node.op === 'unless' || node.op === 'or') return worseBy(node.left)
    const isTurned = unwrapped(node.left).type === 'number'
    const isBelow = node.op === '<' || node.op === '<='
    const isAbove = node.op === '>' || node.op === '>='
    if ((isBelow && !isTurned) || (isAbove && isTurned)) return (a, b) => a < b
  }
  return (a, b) => a > b
}

interface Followed {
  readonly labels: Labels
  readonly replay: Replay
  /** Where it is in the matrices of the present piece; -1: not there. */
  holding: number
  looked: number
}

function followSeries(
  timing: { forMs: number; keepFiringForMs: number; stepMs: number },
  isWorse: (a: number, b: number) => boolean,
  endAt: number,
) {
  const followed = new Map<string, Followed>()

  function place(matrix: StepMatrix, column: 'holding' | 'looked'): void {
    for (const [index, labels] of matrix.labels.entries()) {
      const own = withoutName(labels)
      const key = labelKey(own)
      let one = followed.get(key)
      if (!one) {
        if (followed.size >= mostSeriesFollowed) {
          throw new AppError(
            'too-large',
            `expected at most ${mostSeriesFollowed} series of one rule; let it select fewer`,
          )
        }
        one = { labels: own, replay: createReplay(timing, isWorse), holding: -1, looked: -1 }
        followed.set(key, one)
      }
      one[column] = index
    }
  }

  return {
    async take(from: number, found: PieceFound, pace: Pace): Promise<void> {
      for (const one of followed.values()) one.holding = one.looked = -1
      place(found.holding, 'holding')
      place(found.looked, 'looked')
      const seesAny = Array.from({ length: found.stepCount }, (_, step) => isAnyPresent(found, step))
      for (const one of followed.values()) {
        for (let step = 0; step < found.stepCount; step++) {
          if (step % 500 === 499 && pace.isDue()) await pace.turn()
          if (!found.isObserved(step)) continue
          const sight = foundAt(found, one, step, seesAny[step] === true)
          if (sight !== null) one.replay.see(from + step * timing.stepMs, sight)
        }
        if (pace.isDue()) await pace.turn()
      }
    },
    result() {
      const all = [...followed.values()].map(({ labels, replay }) => ({ labels, ...replay.result() }))
      const active = all
        .filter(({ firingMs, pendingMs }) => firingMs > 0 || pendingMs > 0)
        .sort((a, b) => b.firingMs - a.firingMs || b.pendingMs - a.pendingMs)
      const sum = (of: (one: (typeof all)[number]) => number) => all.reduce((total, one) => total + of(one), 0)
      return {
        fired: sum(({ fired }) => fired),
        firingMs: sum(({ firingMs }) => firingMs),
        seriesSeen: all.length,
        series: active.slice(0, mostSeriesShown).map(({ labels, intervals, worst, ...counts }) => ({
          ...counts,
          labels: { ...labels },
          worst: worst !== null && Number.isFinite(worst) ? worst : null,
          intervals: intervals.map((interval) => ({ ...interval, to: Math.min(endAt, interval.to) })),
        })),
        seriesLeftOut: Math.max(0, active.length - mostSeriesShown),
      }
    },
  }
}

function isAnyPresent({ looked, holding }: PieceFound, step: number): boolean {
  return [looked, holding].some(({ labels, present, stepCount }) =>
    labels.some((_, series) => present[series * stepCount + step] === 1),
  )
}

/** Null: nothing of the expression is there, so nothing can be said. */
function foundAt({ holding, looked }: PieceFound, one: Followed, step: number, seesAny: boolean): Found | null {
  const at = one.holding * holding.stepCount + step
  if (one.holding >= 0 && holding.present[at] === 1) return { value: holding.values[at] ?? Number.NaN }
  if (one.looked >= 0 && looked.present[one.looked * looked.stepCount + step] === 1) return 'false'
  return seesAny ? 'gone' : null
}
