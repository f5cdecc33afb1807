import type { Matching } from '../ast.ts'
import type { Evaluation } from '../evaluation.ts'
import { type Identity, labelOf, operationsOfKey } from '../operands.ts'
import type { Steps } from '../steps.ts'
import { labelKey } from '../values.ts'

/** Half of a surrogate pair: no label's value has it, for it is no character. */
const separator = '\ud800'

/** Rows by what they must agree in to find each other. */
export function* rowsBySignature(
  rows: readonly Identity[],
  matching: Matching,
  { effort }: Evaluation,
): Steps<Map<string, number[]>> {
  const bySignature = new Map<string, number[]>()
  const signature = signatureOf(matching)
  for (const [row, identity] of rows.entries()) {
    const key = signature(identity)
    const same = bySignature.get(key)
    if (same) same.push(row)
    else bySignature.set(key, [row])
    if (effort.spend(operationsOfKey)) yield
  }
  return bySignature
}

/** Names are matched only where `on` asks for them. */
function signatureOf({ mode, labels }: Matching): (identity: Identity) => string {
  const [first] = labels
  if (mode === 'on' && labels.length === 1 && first !== undefined) return (identity) => labelOf(identity, first)
  if (mode === 'on') return (identity) => labels.map((label) => labelOf(identity, label)).join(separator)
  if (labels.length === 0) return (identity) => labelKey(identity.labels)
  return (identity) =>
    labelKey(Object.fromEntries(Object.entries(identity.labels).filter(([label]) => !labels.includes(label))))
}
