import { describe, expect, it } from 'vitest'
import { deepLinkAmong, placeOf } from '#main/electron/deep-link.ts'
import { isOwnPage } from '#main/electron/page.ts'
import { trayViewOf } from '#main/electron/tray-view.ts'
import { boundsOnDisplays } from '#main/electron/window-state.ts'
import { alertView, checkView } from '#test/support/sample-views.ts'

const now = 1_000_000
const facts = { checks: [checkView()], alerts: [], newestSampleAt: now, now }

describe('the tray’s state', () => {
  it.each([
    ['up when all is well', {}, 'up'],
    ['up with no check at all, for this machine is watched', { checks: [] }, 'up'],
    ['down when a check is down', { checks: [checkView(), checkView({ state: 'down' })] }, 'down'],
    ['up when the check that is down is paused', { checks: [checkView({ state: 'down', enabled: false })] }, 'up'],
    ['down when a critical alert fires', { alerts: [alertView()] }, 'down'],
    ['degraded when a warning fires', { alerts: [alertView({ severity: 'warning' })] }, 'degraded'],
    ['up while an alert is pending', { alerts: [alertView({ state: 'pending' })] }, 'up'],
    ['degraded when a check is', { checks: [checkView({ state: 'degraded' })] }, 'degraded'],
    ['unknown when a check cannot be measured', { checks: [checkView({ state: 'unknown' })] }, 'unknown'],
    ['unknown when nobody looks at a check any more', { checks: [checkView({ state: 'unobserved' })] }, 'unknown'],
    ['unknown when nothing was measured yet', { newestSampleAt: null }, 'unknown'],
    ['unknown when the data is old: stale is never green', { newestSampleAt: now - 61_000 }, 'unknown'],
    ['down rather than unknown', { checks: [checkView({ state: 'down' })], newestSampleAt: null }, 'down'],
  ] as const)('is %s', (_when, changes, state) => {
    expect(trayViewOf({ ...facts, ...changes }).state).toBe(state)
  })
})

describe('the tray’s words', () => {
  it('count the checks worst first and name the age of the data', () => {
    const checks = [
      checkView(),
      checkView({ state: 'down' }),
      checkView({ state: 'down' }),
      checkView({ enabled: false }),
    ]
    const alerts = [alertView(), alertView()]
    expect(trayViewOf({ checks, alerts, newestSampleAt: now - 5000, now }).tooltip).toBe(
      'Belfry\n2 down, 1 up\n2 alerts\nUpdated 5 s ago',
    )
    expect(trayViewOf({ ...facts, checks: [checkView(), checkView({ state: 'unobserved' })] }).tooltip).toContain(
      '1 not observed, 1 up',
    )
    expect(trayViewOf({ checks: [], alerts: [], newestSampleAt: null, now }).tooltip).toBe(
      'Belfry\nNo alerts\nNo data yet',
    )
    expect(trayViewOf({ ...facts, newestSampleAt: now - 600_000 }).tooltip).toContain('No data for 10 min')
  })

  it('name at most five alerts, shortened, and snooze those that are not yet', () => {
    const alerts = Array.from({ length: 7 }, (_, index) =>
      alertView({ id: `a${index}`, annotations: {}, rule: 'x'.repeat(100), snoozedUntil: index === 0 ? now : null }),
    )
    const view = trayViewOf({ ...facts, alerts })
    expect(view.alerts.map(({ id }) => id)).toEqual(['a0', 'a1', 'a2', 'a3', 'a4'])
    expect(view.alerts[0]?.label).toHaveLength(60)
    expect(view.firingIds).toEqual(['a1', 'a2', 'a3', 'a4', 'a5', 'a6'])
  })
})

describe('a deep link', () => {
  it.each([
    ['belfry://alert/0190-ab', '#/alerts/0190-ab'],
    ['belfry://alert/a%2Fb/', '#/alerts/a%2Fb'],
    ['belfry://check/site', '#/checks/site'],
    ['belfry://alert/%', '#/alerts/%25'],
    ['belfry://alert/', null],
    ['belfry://alert/a/b', null],
    ['belfry://alert/a?b', null],
    ['belfry://settings/', null],
    ['https://alert/a', null],
    ['belfry://alert/"><script>', null],
    [`belfry://alert/${'x'.repeat(300)}`, null],
  ])('%s leads to %s', (link, place) => {
    expect(placeOf(link)).toBe(place)
  })

  it('is found among the arguments of a second start', () => {
    expect(deepLinkAmong(['/usr/bin/belfry', '--flag', 'belfry://alert/a'])).toBe('belfry://alert/a')
    expect(deepLinkAmong(['/usr/bin/belfry'])).toBeNull()
  })
})

it.each([
  ['app://belfry/', true],
  ['app://belfry/#/alerts', true],
  ['app://belfry', true],
  ['app://belfry.example/', false],
  ['app://evil@belfry.example/', false],
  ['https://belfry/', false],
  ['file:///belfry', false],
  ['', false],
])('%s is our page: %s', (url, own) => {
  expect(isOwnPage(url)).toBe(own)
})

describe('the window’s place', () => {
  const display = { x: 0, y: 0, width: 1920, height: 1080 }
  it.each([
    ['on the display', { x: 10, y: 10, width: 1000, height: 700 }, true],
    ['half outside, still to be grabbed', { x: 1500, y: 10, width: 1000, height: 700 }, true],
    ['a sliver only', { x: 1919, y: 10, width: 1000, height: 700 }, false],
    ['on a display that is gone', { x: -3000, y: 10, width: 1000, height: 700 }, false],
  ])('%s', (_where, bounds, fits) => {
    expect(boundsOnDisplays(bounds, [display])).toEqual(fits ? bounds : null)
  })

  it('is never smaller than usable', () => {
    expect(boundsOnDisplays({ x: 0, y: 0, width: 10, height: 10 }, [display])).toMatchObject({
      width: 800,
      height: 560,
    })
    expect(boundsOnDisplays(null, [display])).toBeNull()
  })
})
