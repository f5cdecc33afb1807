/** A check as screens see it at an instant. Pure. */
import type { CheckView } from '#shared/contract/checks.ts'
import { confirming, shownState } from '#shared/domain/check-state.ts'
import type { ReadyCheck } from './ready-check.ts'
import type { RememberedCheck } from './stored-state.ts'

export function viewOf(
  check: ReadyCheck,
  remembered: RememberedCheck,
  now: number,
  nextRunAt: number | null,
): CheckView {
  const { draft, policy } = check
  const { state, certificateExpiresAt } = remembered
  const shown = shownState(state, now)
  return {
    id: check.id,
    name: draft.name,
    kind: draft.kind,
    target: check.target,
    enabled: draft.enabled,
    everyMs: draft.everyMs,
    labels: draft.labels,
    group: draft.group,
    tags: draft.tags,
    state: shown.state,
    stateSince: Math.round(shown.since),
    reason: shown.reason,
    confirming: draft.enabled ? confirming(state, policy) : null,
    last: state.last,
    nextRunAt: draft.enabled ? nextRunAt : null,
    certificateExpiresAt,
  }
}
