/** Which series belong together: worked out once for each series. */
import type { Aggregation } from '../ast.ts'
import type { Evaluation } from '../evaluation.ts'
import { type Identity, labelOf, nobody, operationsOfKey, type Vector } from '../operands.ts'
import type { Steps } from '../steps.ts'
import { labelKey } from '../values.ts'

export interface Group {
  readonly identity: Identity
  readonly rows: number[]
}

export interface Groups {
  /** In the order in which they are met. */
  readonly groups: readonly Group[]
  /** The group's index by row. */
  readonly groupOfRow: Uint32Array
}

export function* groupsOf(vector: Vector, grouping: Aggregation['grouping'], evaluation: Evaluation): Steps<Groups> {
  const { rows } = vector
  const groupOfRow = new Uint32Array(rows.length)
  if (grouping.mode === 'by' && grouping.labels.length === 0) {
    const everybody = { identity: nobody, rows: rows.map((_, row) => row) }
    return { groups: rows.length > 0 ? [everybody] : [], groupOfRow }
  }
  const indexes = new Map<string, number>()
  const groups: Group[] = []
  for (const [row, identity] of rows.entries()) {
    const key = keyOf(identity, grouping)
    let index = indexes.get(key)
    if (index === undefined) {
      index = groups.push({ identity: grouped(identity, grouping), rows: [] }) - 1
      indexes.set(key, index)
    }
    groups[index]?.rows.push(row)
    groupOfRow[row] = index
    if (evaluation.effort.spend(operationsOfKey)) yield
  }
  return { groups, groupOfRow }
}

/** Half of a surrogate pair: no label's value has it, for it is no character. */
const separator = '\ud800'

function keyOf(identity: Identity, { mode, labels }: Aggregation['grouping']): string {
  if (mode === 'by') return labels.map((label) => labelOf(identity, label)).join(separator)
  return labelKey(grouped(identity, { mode, labels }).labels)
}

function grouped(identity: Identity, { mode, labels }: Aggregation['grouping']): Identity {
  const kept = Object.entries(identity.labels).filter(([label]) => labels.includes(label) === (mode === 'by'))
  const isNamed = mode === 'by' && labels.includes('__name__')
  return {
    name: isNamed ? identity.name : '',
    labels: Object.fromEntries(kept),
    isNameLeaving: isNamed && identity.isNameLeaving,
  }
}
