/** Labels made from labels. Patterns come from users: they run in linear time (RE2). */
import { RE2JS } from 're2js'
import type { FunctionCall } from '../ast.ts'
import type { Evaluation } from '../evaluation.ts'
import {
  type Identity,
  labelOf,
  merged,
  operationsOfKey,
  textOf,
  type Vector,
  vectorOf,
  withLabel,
} from '../operands.ts'
import { failureAt } from '../problem.ts'
import type { FunctionName } from '../signatures.ts'
import type { Steps } from '../steps.ts'
import type { PromqlFunction } from './function.ts'

export const labelFunctions = {
  *label_replace(args, call, evaluation) {
    const vector = vectorOf(args[0])
    const [target = '', replacement = '', source = '', pattern = ''] = args.slice(1).map(textOf)
    const regex = compiled(pattern, call, evaluation)
    refuseEmpty(target, 'destination', call, evaluation)
    return yield* relabelled(vector, call, evaluation, (identity) => {
      const matcher = regex.matcher(labelOf(identity, source))
      return matcher.matches() ? withLabel(identity, target, expanded(replacement, matcher)) : identity
    })
  },
  *label_join(args, call, evaluation) {
    const vector = vectorOf(args[0])
    const [target = '', separator = '', ...sources] = args.slice(1).map(textOf)
    for (const label of sources) refuseEmpty(label, 'source', call, evaluation)
    refuseEmpty(target, 'destination', call, evaluation)
    return yield* relabelled(vector, call, evaluation, (identity) =>
      withLabel(identity, target, sources.map((label) => labelOf(identity, label)).join(separator)),
    )
  },
} as const satisfies Partial<Record<FunctionName, PromqlFunction>>

function* relabelled(
  vector: Vector,
  call: FunctionCall,
  evaluation: Evaluation,
  change: (identity: Identity) => Identity,
): Steps<Vector> {
  const rows: Identity[] = []
  for (const identity of vector.rows) {
    rows.push(change(identity))
    if (evaluation.effort.spend(operationsOfKey)) yield
  }
  return yield* merged({ ...vector, rows }, call.span, evaluation)
}

function compiled(pattern: string, call: FunctionCall, { text }: Evaluation): RE2JS {
  try {
    return RE2JS.compile(pattern, RE2JS.DOTALL)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    const words = `invalid regular expression in label_replace(): ${pattern}`
    throw failureAt(text, call.span.from, words, `It needs one as RE2 knows it: ${why}`)
  }
}

function refuseEmpty(label: string, side: 'source' | 'destination', call: FunctionCall, { text }: Evaluation): void {
  if (label !== '') return
  throw failureAt(text, call.span.from, `invalid ${side} label name in ${call.name}(): `, 'It may not be empty')
}

/** `$1`, `${1}`, `$name` and `${name}` stand for groups, `$$` for a dollar. Source: Go's regexp.Expand. */
function expanded(template: string, matcher: ReturnType<RE2JS['matcher']>): string {
  return template.replace(/\$(?:(\$)|(\w+)|\{(\w+)\})/g, (_all, dollar, bare, braced) => {
    if (dollar !== undefined) return '$'
    const name: string = bare ?? braced
    return groupOf(name, matcher) ?? ''
  })
}

function groupOf(name: string, matcher: ReturnType<RE2JS['matcher']>): string | null {
  if (/^\d+$/.test(name)) return Number(name) <= matcher.groupCount() ? matcher.group(Number(name)) : null
  return Object.hasOwn(matcher.pattern().namedGroups(), name) ? matcher.group(name) : null
}
