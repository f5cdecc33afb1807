/** Arithmetic and comparisons between two vectors. Source: prometheus/promql/engine.go, VectorBinop and resultMetric. */
import type { BinaryExpr } from '../ast.ts'
import type { Evaluation } from '../evaluation.ts'
import {
  type Identity,
  identityKey,
  labelOf,
  labelsOf,
  merged,
  nameless,
  namesDiffer,
  type Vector,
  type VectorBuilder,
  vectorBuilder,
  withLabel,
} from '../operands.ts'
import { failureAt } from '../problem.ts'
import type { Steps } from '../steps.ts'
import { showLabels } from '../values.ts'
import { type Work, workOf } from './operators.ts'
import { rowsBySignature } from './signature.ts'

export function* matched(expr: BinaryExpr, left: Vector, right: Vector, evaluation: Evaluation): Steps<Vector> {
  const isSwapped = expr.matching.group === 'right'
  const [many, one] = isSwapped ? [right, left] : [left, right]
  const manyRows = yield* rowsBySignature(many.rows, expr.matching, evaluation)
  const oneRows = yield* rowsBySignature(one.rows, expr.matching, evaluation)
  yield* refuseSeveral(expr, one, oneRows, many, evaluation)
  const { count } = evaluation.grid
  const work = workOf(expr)
  const builder = vectorBuilder(many.rows.length, evaluation)
  for (const [signature, rows] of manyRows) {
    const partners = oneRows.get(signature)
    if (!partners) continue
    const bases = new Map<string, number>()
    // One to one, a match has one result at a step. Several with a group are told apart by their labels.
    const taken = new Uint8Array(expr.matching.group === null ? count : 0)
    for (const row of rows) {
      for (const partner of partners) {
        const identity = resultIdentity(expr, many.rows[row], one.rows[partner], evaluation)
        const key = rows.length === 1 && partners.length === 1 ? '' : identityKey(identity)
        const base = bases.get(key) ?? builder.add(identity)
        bases.set(key, base)
        const from = { many: row * count, one: partner * count, result: base }
        const isTaken = !calculate(work, many, one, isSwapped, from, builder, taken, count)
        if (isTaken) throw several(expr, many.rows[row], evaluation)
        if (evaluation.effort.spend(4 * count + 20)) yield
      }
    }
  }
  const result = builder.build()
  const isUnique = expr.matching.group === null || (expr.matching.include.length === 0 && !namesDiffer(many.rows))
  return isUnique ? result : yield* merged(result, expr.span, evaluation)
}

/** All steps of two rows into one, each of which begins at `from`. False: somebody was there before at a step. */
function calculate(
  work: Work,
  many: Vector,
  one: Vector,
  isSwapped: boolean,
  from: { readonly many: number; readonly one: number; readonly result: number },
  { values, present }: VectorBuilder,
  taken: Uint8Array,
  count: number,
): boolean {
  for (let step = 0; step < count; step++) {
    if (many.present[from.many + step] !== 1 || one.present[from.one + step] !== 1) continue
    const own = many.values[from.many + step] ?? Number.NaN
    const other = one.values[from.one + step] ?? Number.NaN
    const first = isSwapped ? other : own
    const second = isSwapped ? own : other
    if (work.type === 'filter' && !work.keeps(first, second)) continue
    if (taken[step] === 1 || present[from.result + step] === 1) return false
    taken[step] = 1
    // A filter lets the left value through, whichever side is the "many".
    values[from.result + step] = work.type === 'filter' ? first : work.compute(first, second)
    present[from.result + step] = 1
  }
  return true
}

/** At a step where both sides have samples, no two of the "one" side may have the same signature. */
function* refuseSeveral(
  expr: BinaryExpr,
  one: Vector,
  oneRows: ReadonlyMap<string, readonly number[]>,
  many: Vector,
  evaluation: Evaluation,
): Steps<void> {
  const { count } = evaluation.grid
  for (const rows of oneRows.values()) {
    if (rows.length < 2) continue
    const holder = new Int32Array(count).fill(-1)
    for (const row of rows) {
      for (let step = 0; step < count; step++) {
        if (one.present[row * count + step] !== 1) continue
        const before = one.rows[holder[step] ?? -1]
        const double = one.rows[row]
        if (before && double && hasAnyAt(many, step, count)) throw twoFor(expr, before, double, evaluation)
        holder[step] = row
      }
      if (evaluation.effort.spend(2 * count)) yield
    }
  }
}

function hasAnyAt({ rows, present }: Vector, step: number, count: number): boolean {
  return rows.some((_, row) => present[row * count + step] === 1)
}

function twoFor(expr: BinaryExpr, before: Identity, double: Identity, { text }: Evaluation) {
  const side = expr.matching.group === 'right' ? 'left' : 'right'
  const shown = `[${quotedLabels(before)}, ${quotedLabels(double)}]`
  const match = quotedLabels(reduced({ ...double, name: '' }, expr.matching.mode, expr.matching.labels))
  return failureAt(
    text,
    expr.span.from,
    `found duplicate series for the match group ${match} on the ${side} hand-side of the operation: ${shown};many-to-many matching not allowed: matching labels must be unique on one side`,
    'Match on more labels, aggregate, or use group_left or group_right',
  )
}

/** As Prometheus writes them: the name is a label like the others. */
function quotedLabels(identity: Identity): string {
  const labels = labelsOf(identity)
  const pairs = Object.keys(labels)
    .sort()
    .map((label) => `${label}=${JSON.stringify(labels[label])}`)
  return `{${pairs.join(', ')}}`
}

function several(expr: BinaryExpr, row: Identity | undefined, { text }: Evaluation) {
  const example = row ? `, such as ${showLabels(labelsOf(row))}` : ''
  return expr.matching.group === null
    ? failureAt(
        text,
        expr.span.from,
        'multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)',
        `Several series on the left of ${expr.op} match one on the right${example}: say group_left or group_right, or aggregate first`,
      )
    : failureAt(
        text,
        expr.span.from,
        'multiple matches for labels: grouping labels must ensure unique matches',
        `Several results of ${expr.op} have the same labels${example}`,
      )
}

function resultIdentity(
  expr: BinaryExpr,
  many: Identity | undefined,
  one: Identity | undefined,
  evaluation: Evaluation,
): Identity {
  if (!many || !one) throw new Error('a row has no identity')
  const { mode, labels, group, include } = expr.matching
  let result = many
  if (workOf(expr).type === 'compute') {
    result = expr.bool ? nameless(many, evaluation) : { ...many, name: '', isNameLeaving: false }
  }
  if (group === null) result = reduced(result, mode, labels)
  for (const label of include) result = withLabel(result, label, labelOf(one, label))
  return result
}

/** Only the labels that were matched. */
function reduced(identity: Identity, mode: 'on' | 'ignoring', labels: readonly string[]): Identity {
  if (mode === 'ignoring' && labels.length === 0) return identity
  const keeps = (label: string) => labels.includes(label) === (mode === 'on')
  const kept = Object.entries(identity.labels).filter(([label]) => keeps(label))
  return { ...identity, name: keeps('__name__') ? identity.name : '', labels: Object.fromEntries(kept) }
}
