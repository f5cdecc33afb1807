import { describe, expect, it } from 'vitest'
import { alertView } from '#test/support/sample-views.ts'
import { waitingSeverity } from '../../../src/renderer/shell/alert-melody.ts'

const now = 1_000_000
const firing = (change: Parameters<typeof alertView>[0] = {}) =>
  alertView({ state: 'firing', severity: 'error', ...change })
const held = (until: number | null) => ({ by: 'anna', at: now - 1, note: '', until })

describe('what sounds', () => {
  it.each([
    ['nothing where nothing fires', [], null],
    ['the gravest of what fires', [firing({ severity: 'warning' }), firing(), firing({ severity: 'info' })], 'error'],
    ['not what is pending or recovering', [firing({ state: 'pending' }), firing({ state: 'recovering' })], null],
    ['not what is milder than what is told', [firing({ severity: 'info' })], null],
    [
      'not what somebody holds',
      [firing({ acknowledgement: held(null) }), firing({ acknowledgement: held(now + 1) })],
      null,
    ],
    ['what nobody holds any more', [firing({ acknowledgement: held(now) })], 'error'],
    ['not what is snoozed', [firing({ snoozedUntil: now + 1 })], null],
    ['what is snoozed no longer', [firing({ snoozedUntil: now })], 'error'],
  ] as const)('is %s', (_, alerts, expected) => {
    expect(waitingSeverity(alerts, 'warning', now)).toBe(expected)
  })
})
