/** A configured collector, read and ready to run: its kind found, its options parsed, its labels looked at. */
import { withoutSecrets } from '#main/checks/network/text.ts'
import { kindNamed, labelIssues } from '#main/checks/ready-check.ts'
import { type ConfiguredCollector, writtenOf } from '#main/config/config-file.ts'
import { secretValuesOf } from '#main/config/entry-secrets.ts'
import { conceals, withTexts } from '#main/config/references.ts'
import { explainedParse } from '#shared/config/explain.ts'
import type { CollectorDraft } from '#shared/contract/collectors.ts'
import { AppError, type Issue } from '#shared/contract/errors.ts'
import type { Labels } from '#shared/domain/series.ts'
import type { ServiceKind } from './kind.ts'

export interface ReadyCollector {
  readonly id: string
  /** What it runs with; see ConfiguredEntry. */
  readonly draft: CollectorDraft
  /** What the operator wrote of it, which may be shown. */
  readonly written: CollectorDraft
  readonly kind: ServiceKind
  /** As the kind's schema gave it. */
  readonly config: unknown
  readonly target: string
  readonly host: string | null
  /** Of all its series: its own, `collector` and `instance`. */
  readonly labels: Labels
  /** A copy of what it read in which no secret is seen. */
  veiled<T>(value: T): T
}

const takenLabels = new Set(['collector', 'instance', 'kind'])

/** Throws AppError `invalid` with one issue per mistake; paths such as `config.host` and `labels.team`. */
export function readyCollector(configured: ConfiguredCollector, kinds: readonly ServiceKind[]): ReadyCollector {
  const { id, draft, concealed = [] } = configured
  const kind = kindNamed(draft.kind, kinds, 'collector')
  const parsed = explainedParse(kind.config, draft.config)
  const issues: Issue[] = [
    ...(parsed.ok ? [] : parsed.issues).map(({ path, message }) => ({ path: ['config', ...path].join('.'), message })),
    ...labelIssues(draft.labels, takenLabels),
  ]
  const [first] = issues
  if (!parsed.ok || first !== undefined) {
    const message = `The collector "${draft.name}" cannot be used: ${first?.path}: ${first?.message}`
    throw new AppError('invalid', message, issues)
  }
  const conceal = conceals(concealed)
  const secrets = secretValuesOf(draft.config, kind)
  const target = conceal(kind.target(parsed.value))
  return {
    id,
    draft,
    written: writtenOf(configured),
    kind,
    config: parsed.value,
    target,
    host: kind.host(parsed.value),
    labels: { ...draft.labels, collector: id, instance: target },
    veiled: (value) => withoutSecrets(concealed.length === 0 ? value : withTexts(value, conceal), secrets),
  }
}
