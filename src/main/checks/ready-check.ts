/** A configured check, read and ready to run: its kind found, its options parsed, its labels looked at. */
import { type ConfiguredCheck, writtenOf } from '#main/config/config-file.ts'
import { type Concealed, conceals, withTexts } from '#main/config/references.ts'
import { explainedParse } from '#shared/config/explain.ts'
import type { CheckDraft } from '#shared/contract/checks.ts'
import { AppError, type Issue } from '#shared/contract/errors.ts'
import type { CheckPolicy } from '#shared/domain/check-state.ts'
import type { Labels } from '#shared/domain/series.ts'
import type { CheckKind } from './kind.ts'

export interface ReadyCheck {
  readonly id: string
  /** What it runs with; see ConfiguredCheck. */
  readonly draft: CheckDraft
  /** What the operator wrote of it, which may be shown. */
  readonly written: CheckDraft
  readonly kind: CheckKind
  /** As the kind's schema gave it. */
  readonly config: unknown
  readonly target: string
  readonly policy: CheckPolicy
  /** Of all its series: check, kind, target and its own. */
  readonly labels: Labels
}

const labelName = /^[a-zA-Z_][a-zA-Z0-9_]*$/
const takenLabels = new Set(['check', 'kind', 'target', 'phase', 'step'])
const mostLabels = 20
const longestLabel = 200

/** Throws AppError `invalid` with one issue per mistake; paths such as `config.url` and `labels.team`. */
export function readyCheck(configured: ConfiguredCheck, kinds: readonly CheckKind[]): ReadyCheck {
  const { id, draft, concealed = [] } = configured
  const kind = discreet(kindNamed(draft.kind, kinds, 'check'), concealed)
  const parsed = explainedParse(kind.config, draft.config)
  const issues: Issue[] = [
    ...(parsed.ok ? [] : parsed.issues).map(({ path, message }) => ({ path: ['config', ...path].join('.'), message })),
    ...labelIssues(draft.labels, takenLabels),
    ...confirmationIssues(draft),
  ]
  const [first] = issues
  if (!parsed.ok || first !== undefined) {
    throw new AppError('invalid', `The check "${draft.name}" cannot be used: ${first?.path}: ${first?.message}`, issues)
  }
  const target = kind.target(parsed.value)
  return {
    id,
    draft,
    written: writtenOf(configured),
    kind,
    config: parsed.value,
    target,
    policy: {
      everyMs: draft.everyMs,
      timeoutMs: draft.timeoutMs,
      confirm: confirmationOf(kind, draft),
      slowMs: draft.slowMs,
    },
    labels: { ...draft.labels, check: id, kind: kind.kind, target },
  }
}

/** A kind that shows the reference wherever it would show what a reference stands for. */
function discreet(kind: CheckKind, concealed: readonly Concealed[]): CheckKind {
  if (concealed.length === 0) return kind
  const conceal = conceals(concealed)
  const veiled = <T>(value: T): T => withTexts(value, conceal)
  return {
    ...kind,
    target: (config) => conceal(kind.target(config)),
    async run(config, ports, signal) {
      const outcome = await kind.run(config, ports, signal)
      return {
        ...outcome,
        reason: veiled(outcome.reason),
        evidence: veiled(outcome.evidence),
        samples: veiled(outcome.samples),
      }
    },
  }
}

function confirmationOf({ isCertain = false }: CheckKind, { confirm }: CheckDraft): CheckDraft['confirm'] {
  return isCertain ? { ...confirm, failures: 1, of: 1, successes: 1 } : confirm
}

/** Throws AppError `invalid`. */
export function kindNamed<K extends { readonly kind: string }>(name: string, kinds: readonly K[], noun: string): K {
  const kind = kinds.find((one) => one.kind === name)
  if (kind !== undefined) return kind
  const names = kinds.map((one) => one.kind).join(', ')
  const message = `expected one of ${names}, got "${name}"`
  throw new AppError('invalid', `There is no such kind of ${noun}: ${message}.`, [{ path: 'kind', message }])
}

/** `taken`: names that are set by Belfry itself. */
export function labelIssues(labels: Labels, taken: ReadonlySet<string>): Issue[] {
  const names = Object.keys(labels)
  const issues = names.flatMap((name): Issue[] => {
    const path = `labels.${name}`
    if (!labelName.test(name)) return [{ path, message: 'expected a name of letters, digits and _, such as team' }]
    if (taken.has(name) || name.startsWith('__')) {
      return [{ path, message: `"${name}" is set by Belfry itself; choose another name` }]
    }
    return (labels[name]?.length ?? 0) > longestLabel
      ? [{ path, message: `expected at most ${longestLabel} characters` }]
      : []
  })
  if (names.length > mostLabels) issues.push({ path: 'labels', message: `expected at most ${mostLabels} labels` })
  return issues
}

function confirmationIssues({ confirm }: CheckDraft): Issue[] {
  if (confirm.failures <= confirm.of) return []
  const message = `expected at most "of" (${confirm.of}), or it could never go down; got ${confirm.failures}`
  return [{ path: 'confirm.failures', message }]
}
