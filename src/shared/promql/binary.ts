/** Operators between scalars and vectors, and how two vectors find each other. */
import type { Labels } from '../domain/series.ts'
import { type BinaryExpr, isComparison, type Matching, type UnaryExpr } from './ast.ts'
import type { Evaluation } from './evaluation.ts'
import { type Operator, operators } from './operators.ts'
import { problemAt } from './problem.ts'
import { eachOf, type Steps } from './steps.ts'
import { refuseDoubles } from './unique.ts'
import { labelKey, type Sample, showLabels, type Value, type Vector, withoutName } from './values.ts'

export function* evaluateBinary(expr: BinaryExpr, left: Value, right: Value, evaluation: Evaluation): Steps<Value> {
  if (left.type === 'scalar' && right.type === 'scalar') {
    return { type: 'scalar', value: apply(expr, left.value, right.value).value }
  }
  if (left.type === 'vector' && right.type === 'vector') {
    const samples = expr.op === 'and' || expr.op === 'or' || expr.op === 'unless' ? combined : matched
    return { type: 'vector', samples: yield* samples(expr, left.samples, right.samples, evaluation) }
  }
  if (left.type === 'vector' && right.type === 'scalar') {
    return yield* withScalar(expr, left, right.value, false, evaluation)
  }
  if (left.type === 'scalar' && right.type === 'vector') {
    return yield* withScalar(expr, right, left.value, true, evaluation)
  }
  throw problemAt(evaluation.text, expr.span.from, `${expr.op} does not work on a ${left.type} and a ${right.type}`)
}

/** `-x`: a vector loses its names, for the values mean something else now. */
export function* negate(operand: Value, expr: UnaryExpr, evaluation: Evaluation): Steps<Value> {
  if (operand.type === 'scalar') return { type: 'scalar', value: -operand.value }
  if (operand.type !== 'vector')
    throw problemAt(evaluation.text, expr.span.from, `- does not work on a ${operand.type}`)
  const samples: Sample[] = []
  yield* eachOf(operand.samples, ({ labels, value }) => {
    samples.push({ labels: withoutName(labels), value: -value, at: evaluation.at })
  })
  return yield* refuseDoubles({ type: 'vector', samples }, expr.span, evaluation)
}

/** `keep` says whether a filtering comparison lets the left value through. */
function apply(expr: BinaryExpr, left: number, right: number): { value: number; keep: boolean } {
  const operator: Operator | undefined = operators[expr.op]
  if (!operator) throw new Error(`the set operator ${expr.op} has no values to work on`)
  const value = operator(left, right)
  if (typeof value === 'number') return { value, keep: true }
  return expr.bool ? { value: value ? 1 : 0, keep: true } : { value: left, keep: value }
}

const dropsName = (expr: BinaryExpr) => expr.bool || !isComparison(expr.op)

function* withScalar(
  expr: BinaryExpr,
  vector: Vector,
  scalar: number,
  swapped: boolean,
  evaluation: Evaluation,
): Steps<Value> {
  const samples: Sample[] = []
  yield* eachOf(vector.samples, (sample) => {
    const result = swapped ? apply(expr, scalar, sample.value) : apply(expr, sample.value, scalar)
    if (!result.keep) return
    // A filter lets the vector's own value through, on whichever side it stands.
    const value = isComparison(expr.op) && !expr.bool ? sample.value : result.value
    samples.push({ labels: dropsName(expr) ? withoutName(sample.labels) : sample.labels, value, at: evaluation.at })
  })
  return yield* refuseDoubles({ type: 'vector', samples }, expr.span, evaluation)
}

/** The labels two samples must agree in, as text. */
function signatureOf(matching: Matching): (labels: Labels) => string {
  if (matching.mode === 'on') {
    return (labels) => matching.labels.map((label) => labels[label] ?? '').join('\u0001')
  }
  const ignored = new Set([...matching.labels, '__name__'])
  return (labels) => labelKey(Object.fromEntries(Object.entries(labels).filter(([label]) => !ignored.has(label))))
}

function* combined(expr: BinaryExpr, left: readonly Sample[], right: readonly Sample[]): Steps<readonly Sample[]> {
  const signature = signatureOf(expr.matching)
  const present = new Set<string>()
  const isOr = expr.op === 'or'
  yield* eachOf(isOr ? left : right, ({ labels }) => void present.add(signature(labels)))
  const kept: Sample[] = isOr ? [...left] : []
  yield* eachOf(isOr ? right : left, (sample) => {
    if (present.has(signature(sample.labels)) === (expr.op === 'and')) kept.push(sample)
  })
  return kept
}

/** Source: prometheus/promql/engine.go, VectorBinop and resultMetric. */
function* matched(
  expr: BinaryExpr,
  left: readonly Sample[],
  right: readonly Sample[],
  evaluation: Evaluation,
): Steps<readonly Sample[]> {
  const signature = signatureOf(expr.matching)
  const swapped = expr.matching.group === 'right'
  const [many, one] = swapped ? [right, left] : [left, right]
  const partners = new Map<string, Sample>()
  yield* eachOf(one, (sample) => {
    const key = signature(sample.labels)
    const double = partners.get(key)
    if (double) {
      const message = `found two series for one match on the ${swapped ? 'left' : 'right'} side of ${expr.op}: ${showLabels(double.labels)} and ${showLabels(sample.labels)}; match on more labels, aggregate, or use group_left or group_right`
      throw problemAt(evaluation.text, expr.span.from, message)
    }
    partners.set(key, sample)
  })
  const samples: Sample[] = []
  const taken = new Set<string>()
  yield* eachOf(many, (sample) => {
    const key = signature(sample.labels)
    const partner = partners.get(key)
    if (!partner) return
    const result = swapped ? apply(expr, partner.value, sample.value) : apply(expr, sample.value, partner.value)
    if (!result.keep) return
    const labels = resultLabels(expr, sample.labels, partner.labels)
    const resultKey = expr.matching.group === null ? key : labelKey(labels)
    if (taken.has(resultKey)) {
      const message = `several series on the left of ${expr.op} match one on the right, such as ${showLabels(sample.labels)}; say group_left or group_right, or aggregate first`
      throw problemAt(evaluation.text, expr.span.from, message)
    }
    taken.add(resultKey)
    samples.push({ labels, value: result.value, at: evaluation.at })
  })
  return samples
}

function resultLabels(expr: BinaryExpr, many: Labels, one: Labels): Labels {
  const { mode, labels: names, group, include } = expr.matching
  const kept = { ...(dropsName(expr) ? withoutName(many) : many) }
  if (group === null) {
    for (const label of Object.keys(kept)) {
      if (names.includes(label) !== (mode === 'on')) delete kept[label]
    }
  }
  for (const label of include) {
    const value = one[label]
    if (value) kept[label] = value
    else delete kept[label]
  }
  return kept
}
