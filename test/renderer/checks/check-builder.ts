import type { CheckView } from '#shared/contract/checks.ts'

let count = 0

/** A check that is up; `durationMs` is its last result's. */
export function check(overrides: Partial<CheckView> & { durationMs?: number } = {}): CheckView {
  const { durationMs = 42, ...rest } = overrides
  const id = `check-${String(++count).padStart(5, '0')}`
  return {
    id,
    name: id,
    kind: 'http',
    target: `https://${id}.example/`,
    enabled: true,
    everyMs: 60_000,
    labels: {},
    group: null,
    tags: [],
    state: 'up',
    stateSince: 1_767_571_200_000,
    reason: { code: 'ok', message: 'Answered 200' },
    confirming: null,
    last: { at: 1_767_571_200_000, outcome: 'up', durationMs, reason: { code: 'ok', message: 'Answered 200' } },
    nextRunAt: 1_767_571_260_000,
    certificateExpiresAt: null,
    ...rest,
  }
}
