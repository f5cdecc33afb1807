/** A configured check, read and ready to run: its kind found, its options parsed, its labels looked at. */
import type { ConfiguredCheck } from '#main/config/config-file.ts'
import { explainedParse } from '#shared/config/explain.ts'
import type { CheckDraft } from '#shared/contract/checks.ts'
import { AppError, type Issue } from '#shared/contract/errors.ts'
import type { CheckPolicy } from '#shared/domain/check-state.ts'
import type { Labels } from '#shared/domain/series.ts'
import type { CheckKind } from './kind.ts'

export interface ReadyCheck {
  readonly id: string
  readonly draft: CheckDraft
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
export function readyCheck({ id, draft }: ConfiguredCheck, kinds: readonly CheckKind[]): ReadyCheck {
  const kind = kindNamed(draft.kind, kinds)
  const parsed = explainedParse(kind.config, draft.config)
  const issues: Issue[] = [
    ...(parsed.ok ? [] : parsed.issues).map(({ path, message }) => ({ path: ['config', ...path].join('.'), message })),
    ...labelIssues(draft.labels),
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

function confirmationOf({ isCertain = false }: CheckKind, { confirm }: CheckDraft): CheckDraft['confirm'] {
  return isCertain ? { ...confirm, failures: 1, of: 1, successes: 1 } : confirm
}

/** Throws AppError `invalid`. */
export function kindNamed(name: string, kinds: readonly CheckKind[]): CheckKind {
  const kind = kinds.find((one) => one.kind === name)
  if (kind !== undefined) return kind
  const names = kinds.map((one) => one.kind).join(', ')
  const message = `expected one of ${names}, got "${name}"`
  throw new AppError('invalid', `There is no such kind of check: ${message}.`, [{ path: 'kind', message }])
}

function labelIssues(labels: Labels): Issue[] {
  const names = Object.keys(labels)
  const issues = names.flatMap((name): Issue[] => {
    const path = `labels.${name}`
    if (!labelName.test(name)) return [{ path, message: 'expected a name of letters, digits and _, such as team' }]
    if (takenLabels.has(name) || name.startsWith('__')) {
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
