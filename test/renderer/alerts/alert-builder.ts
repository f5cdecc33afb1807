import type { AlertView } from '#shared/contract/alerts.ts'

let count = 0

/** A firing warning. */
export function alert(overrides: Partial<AlertView> = {}): AlertView {
  const id = `alert-${String(++count).padStart(5, '0')}`
  return {
    id,
    rule: 'HighCpu',
    severity: 'warning',
    labels: {},
    annotations: {},
    state: 'firing',
    health: 'ok',
    value: 91,
    activeAt: 1_767_571_200_000,
    firedAt: 1_767_571_500_000,
    resolvedAt: null,
    resolution: null,
    acknowledgement: null,
    snoozedUntil: null,
    checkId: null,
    ...overrides,
  }
}
