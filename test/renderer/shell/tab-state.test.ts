import { describe, expect, it } from 'vitest'
import { tabStateOf, tabTitle } from '../../../src/renderer/shell/tab-state.ts'
import { alert } from '../alerts/alert-builder.ts'
import { check } from '../checks/check-builder.ts'

const up = check({ state: 'up' })
const down = check({ state: 'down' })
const degraded = check({ state: 'degraded' })
const last = { at: 0, outcome: 'up', durationMs: 1, reason: { code: 'ok', message: '' } } as const
const unobserved = check({ state: 'unobserved', last })
const paused = check({ state: 'unobserved', last, enabled: false })
const waiting = check({ state: 'unobserved', last: null })
const critical = alert({ severity: 'critical', state: 'firing' })
const warning = alert({ severity: 'warning', state: 'firing' })
const pending = alert({ severity: 'critical', state: 'pending' })

describe('the tab', () => {
  it.each([
    ['nothing while all is well', [up], [], 'well', ''],
    ['nothing while there is no check', [], [], 'well', ''],
    ['what is down before what rings', [down, up, down, degraded], [critical], 'down', '2 down'],
    ['a critical alert before a degraded check', [degraded], [critical, warning], 'down', '1 critical'],
    ['a degraded check before a warning', [degraded, up], [warning], 'degraded', '1 degraded'],
    ['a warning', [up], [warning, warning], 'degraded', '2 firing'],
    ['what nobody sees', [up, check({ state: 'unknown' }), unobserved], [], 'unknown', '2 not seen'],
    ['nothing of what is paused or has yet to be looked at', [up, paused, waiting], [], 'well', ''],
    ['nothing of an alert that may yet not fire', [up], [pending], 'well', ''],
  ] as const)('tells %s', (_, checks, alerts, icon, words) => {
    expect(tabStateOf(checks, alerts, true)).toEqual({ icon, words })
  })

  it('says nothing of what may be old', () => {
    expect(tabStateOf([down], [critical], false)).toEqual({ icon: 'unknown', words: 'Not connected' })
  })

  it('is not well before it knows', () => {
    expect(tabStateOf(null, [], true)).toEqual({ icon: 'unknown', words: '' })
    expect(tabStateOf([up], null, true)).toEqual({ icon: 'unknown', words: '' })
  })

  it('puts first what matters', () => {
    expect(tabTitle({ icon: 'down', words: '3 down' }, 'Checks')).toBe('(3 down) Checks · Belfry')
    expect(tabTitle({ icon: 'well', words: '' }, 'Checks')).toBe('Checks · Belfry')
    expect(tabTitle({ icon: 'well', words: '' }, null)).toBe('Belfry')
  })
})
