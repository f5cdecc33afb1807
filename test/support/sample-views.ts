/** Contract objects with sensible values, for tests that care about one or two of them. */
import type { AlertView } from '#shared/contract/alerts.ts'
import type { CheckView } from '#shared/contract/checks.ts'

/** 2026-01-05T00:00:00Z, where fake clocks start. */
const startAt = 1_767_571_200_000

export function checkView(changes: Partial<CheckView> = {}): CheckView {
  return {
    id: 'site',
    name: 'Site',
    kind: 'http',
    target: 'https://example.org/',
    enabled: true,
    everyMs: 60_000,
    labels: {},
    group: null,
    tags: [],
    state: 'up',
    stateSince: startAt,
    reason: { code: 'ok', message: '200 OK' },
    confirming: null,
    last: null,
    nextRunAt: null,
    certificateExpiresAt: null,
    ...changes,
  }
}

export function alertView(changes: Partial<AlertView> = {}): AlertView {
  return {
    id: 'alert-1',
    rule: 'CheckDown',
    severity: 'critical',
    labels: { check: 'site' },
    annotations: { summary: 'Site is down' },
    state: 'firing',
    health: 'ok',
    value: 0,
    activeAt: startAt,
    firedAt: startAt + 30_000,
    resolvedAt: null,
    resolution: null,
    acknowledgement: null,
    snoozedUntil: null,
    checkId: 'site',
    ...changes,
  }
}
