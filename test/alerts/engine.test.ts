import { afterEach, describe, expect, it } from 'vitest'
import type { CheckResult } from '#shared/contract/checks.ts'
import { AppError } from '#shared/contract/errors.ts'
import { type AlertingWorld, alertingWorld, ruleFile, type WorldOptions } from './alerting-world.ts'

let world: AlertingWorld
const open = async (options: Partial<WorldOptions>) => {
  world = await alertingWorld(options)
  return world
}
afterEach(() => world.close())

const hot = (extra = '') =>
  ruleFile(`
      - alert: Hot
        expr: temperature > 80
        labels: { severity: critical }
        annotations: { summary: '{{ $labels.room }} has {{ $value }} degrees' }
${extra}`)

/** One evaluation after the next, with a value for each (null: no sample). */
async function evaluations(values: readonly (number | null)[]) {
  for (const value of values) {
    if (value !== null) world.put('temperature', { room: 'attic' }, value)
    await world.pass(15_000)
  }
}

describe('from a sample to a message', () => {
  it('fires, tells inbox and desktop, and tells the end', async () => {
    await open({ rules: hot() })
    await evaluations([90])
    expect(await world.active()).toMatchObject([
      { rule: 'Hot', severity: 'critical', state: 'firing', value: 90, labels: { alertname: 'Hot', room: 'attic' } },
    ])
    expect(world.ports.desktop.shown).toMatchObject([
      {
        title: 'attic has 90 degrees',
        severity: 'critical',
        silent: false,
        link: expect.stringContaining('belfry://alert/'),
      },
    ])
    await evaluations([70])
    expect(await world.active()).toEqual([])
    expect(await world.told()).toEqual(['fired attic has 90 degrees', 'resolved Resolved: attic has 90 degrees'])
    expect(world.ports.desktop.shown).toHaveLength(2)
    const { deliveries } = await world.alerting.notify.deliveries(null, 10, null)
    expect(deliveries.map(({ channel, event, state }) => `${channel} ${event} ${state}`).sort()).toEqual([
      'desktop fired delivered',
      'desktop resolved delivered',
      'in-app fired delivered',
      'in-app resolved delivered',
    ])
  })

  it('waits for the hold time and says nothing of what clears before', async () => {
    await open({ rules: hot('        for: 30s') })
    await evaluations([90, 90])
    expect((await world.active()).map(({ state }) => state)).toEqual(['pending'])
    await evaluations([70])
    expect(await world.active()).toEqual([])
    await evaluations([90, 90, 90])
    expect((await world.active()).map(({ state }) => state)).toEqual(['firing'])
    expect(await world.told()).toEqual(['fired attic has 90 degrees'])
  })

  it('tells one alert once, however often it is evaluated', async () => {
    await open({ rules: hot() })
    await evaluations([90, 91, 92, 93, 94])
    expect(await world.told()).toHaveLength(1)
    expect((await world.active())[0]?.value).toBe(94)
  })

  it('tells a flapping alert once per cooldown, and one that stays when it ends', async () => {
    await open({ rules: hot() })
    await evaluations([90, 70, 90, 70])
    await evaluations([90])
    const [alert] = await world.active()
    const detail = await world.alerting.alerts.get(alert?.id ?? '')
    expect(detail.events.map(({ type }) => type)).toContain('suppressed')
    expect(detail.explanation.join(' ')).toContain('the same alert was told shortly before')
    expect((await world.told()).filter((line) => line.startsWith('fired'))).toHaveLength(1)
    await evaluations(Array.from({ length: 60 }, () => 90))
    expect((await world.told()).filter((line) => line.startsWith('fired'))).toHaveLength(2)
    expect(detail.similar).toHaveLength(2)
  })

  it('takes the cooldown from the rule', async () => {
    await open({ rules: hot().replace('annotations: {', "annotations: { belfry_cooldown: '30s',") })
    await evaluations([90, 70, 90])
    expect((await world.told()).filter((line) => line.startsWith('fired'))).toHaveLength(2)
    expect((await world.active())[0]?.annotations).toEqual({ summary: 'attic has 90 degrees' })
  })

  it('fills in what templates ask for', async () => {
    const asks = '{{ with query (printf "people{room=%q}" $labels.room) }}{{ . | first | value }}{{ else }}no{{ end }}'
    await open({ rules: hot().replace('{{ $value }} degrees', `${asks} people`) })
    world.put('people', { room: 'attic' }, 3)
    world.put('temperature', { room: 'cellar' }, 99)
    await evaluations([90])
    expect((await world.told()).sort()).toEqual(['fired attic has 3 people', 'fired cellar has no people'])
  })

  it('says in its place what a template could not say', async () => {
    await open({ rules: hot().replace('{{ $value }} degrees', '{{ query "sum(" }}') })
    await evaluations([90])
    expect((await world.told())[0]).toMatch(/^fired <error expanding template: .*1:5: the expression ends here/)
  })

  it('leaves out what is milder than Settings say, and the end where it is not wanted', async () => {
    await open({ rules: hot().replace('critical', 'info') })
    await evaluations([90])
    expect(await world.told()).toEqual([])
    const [alert] = await world.active()
    expect((await world.alerting.alerts.get(alert?.id ?? '')).explanation.join(' ')).toContain(
      'below the least one set in Settings',
    )
    await world.config.saveSettings({ notifications: { leastSeverity: 'info', resolved: false } })
    await evaluations([90, 70])
    expect(await world.told()).toEqual(['fired attic has 90 degrees'])
  })

  it('does not use the desktop when it is switched off', async () => {
    await open({ rules: hot() })
    await world.config.saveSettings({ notifications: { desktop: false } })
    await evaluations([90])
    expect(world.ports.desktop.shown).toEqual([])
    expect(await world.told()).toHaveLength(1)
  })

  it('evaluates check states at once when one changes', async () => {
    await open({ presets: true })
    world.put('belfry_check_state', { check: 'shop', kind: 'http', target: 'https://shop.example' }, 0)
    await world.alerting.evaluateFor('shop')
    await world.quiet()
    expect(world.ports.desktop.shown.map(({ title }) => title)).toEqual(['shop is down'])
  })

  it('calls a check by its name and says what its last failure was', async () => {
    await open({ presets: true })
    const draft = {
      ...{ name: 'Shop', kind: 'http', enabled: true, everyMs: 60_000, timeoutMs: 1000, slowMs: null, labels: {} },
      ...{ group: null, tags: [], config: {}, confirm: { failures: 2, of: 3, successes: 2, retryEveryMs: 1000 } },
    }
    await world.config.saveCheck('shop', draft)
    const reason = { code: 'connection-refused', message: 'The connection was refused' }
    const result: CheckResult = {
      ...{ id: 'r', checkId: 'shop', at: world.ports.clock.now(), durationMs: 1, reason, phases: [], evidence: null },
      ...{ trigger: 'retry', outcome: 'down' },
    }
    await world.state.commit([['check.addResults', [{ result, passing: false }]]])
    world.put('belfry_check_state', { check: 'shop', kind: 'http', target: 'https://shop.example' }, 0)
    await world.alerting.evaluateFor('shop')
    await world.quiet()
    const [shown] = world.ports.desktop.shown
    expect(shown?.title).toBe('Shop is down')
    expect(shown?.body).toMatch(/^The connection was refused\.\nhttps:\/\/shop\.example failed/)
  })

  it('shows many alerts at once as one toast, and keeps each in the inbox', async () => {
    await open({ rules: hot() })
    for (let room = 0; room < 12; room++) world.put('temperature', { room: `room ${room}` }, 90)
    await world.pass(15_000)
    expect(await world.told()).toHaveLength(12)
    expect(world.ports.desktop.shown.map(({ title }) => title)).toEqual(['12 alerts fire'])
    expect(world.ports.desktop.shown[0]?.body).toContain('and 6 more')
  })
})

describe('what is not there', () => {
  it('keeps firing without data, and says so', async () => {
    await open({ rules: hot() })
    await evaluations([90])
    await world.pass(600_000)
    expect(await world.active()).toMatchObject([{ state: 'firing', health: 'nodata' }])
    expect(world.alerting.rules.list()[0]).toMatchObject({
      health: 'nodata',
      problem: 'No series match the expression.',
    })
  })

  it('alerts on missing data where the rule asks for it', async () => {
    await open({ rules: hot().replace('annotations: {', 'annotations: { belfry_no_data: alert,') })
    await world.pass(15_000)
    expect(await world.told()).toEqual(['fired Hot has no data'])
    await evaluations([20])
    expect(await world.told()).toEqual(['fired Hot has no data', 'resolved Resolved: Hot has no data'])
  })

  it('takes missing data for well where the rule says so', async () => {
    await open({ rules: hot().replace('annotations: {', 'annotations: { belfry_no_data: ok,') })
    await evaluations([90])
    await world.pass(600_000)
    expect(await world.active()).toEqual([])
  })

  it('resolves what vanished while this machine is being watched, as stale', async () => {
    await open({ rules: hot() })
    world.put('temperature', { room: 'cellar' }, 20)
    await evaluations([90])
    world.metrics.end('temperature', { room: 'attic' }, world.ports.clock.now())
    for (let turn = 0; turn < 4; turn++) {
      world.put('temperature', { room: 'cellar' }, 20)
      world.put('node_time_seconds', {}, 1)
      await world.pass(15_000)
    }
    expect(await world.active()).toEqual([])
    const { alerts } = await world.alerting.alerts.list({
      ...{ states: ['resolved'], severities: [], labels: [], text: '', limit: 10, cursor: null },
    })
    expect(alerts).toMatchObject([{ resolution: 'stale' }])
  })

  it('ends an alert on absence as soon as there is data', async () => {
    await open({ rules: ruleFile(`      - alert: Blind\n        expr: absent(temperature{room="attic"})\n`) })
    await world.pass(15_000)
    expect(await world.active()).toMatchObject([{ rule: 'Blind', labels: { alertname: 'Blind', room: 'attic' } }])
    await evaluations([20])
    expect(await world.active()).toEqual([])
  })

  it('keeps a down check firing while it cannot be measured, and ends it when it is removed', async () => {
    await open({ presets: true })
    const draft = {
      ...{
        name: 'Shop',
        kind: 'http',
        enabled: true,
        everyMs: 60_000,
        timeoutMs: 1000,
        slowMs: null,
        labels: {},
        group: null,
        tags: [],
        config: {},
      },
      confirm: { failures: 2, of: 3, successes: 2, retryEveryMs: 1000 },
    }
    await world.config.saveCheck('shop', draft)
    const labels = { check: 'shop', kind: 'http', target: 'https://shop.example' }
    world.put('belfry_check_state', { ...labels, check: 'other' }, 1)
    world.put('belfry_check_state', labels, 0)
    await world.alerting.evaluateFor('shop')
    world.metrics.end('belfry_check_state', labels, world.ports.clock.now() + 1)
    await world.pass(90_000)
    expect((await world.active()).filter(({ rule }) => rule === 'CheckDown')).toMatchObject([
      { state: 'firing', health: 'nodata', checkId: 'shop' },
    ])
    await world.config.removeCheck('shop')
    await world.pass(90_000)
    expect((await world.active()).filter(({ rule }) => rule === 'CheckDown')).toEqual([])
  })
})

describe('rules that fail', () => {
  it('names the rule, and leaves other rules and alerts alone', async () => {
    await open({
      rules: hot('      - alert: Wrong\n        expr: temperature / on() temperature > 0\n'),
    })
    world.put('temperature', { room: 'cellar' }, 20)
    await evaluations([90])
    expect(world.alerting.rules.list().map(({ rule, health }) => `${rule.alert} ${health}`)).toEqual([
      'Hot ok',
      'Wrong error',
    ])
    expect(world.alerting.rules.list()[1]?.problem).toContain('found duplicate series for the match')
    world.metrics.failWith = new AppError('unavailable', 'The samples are not available.')
    await world.pass(15_000)
    expect(await world.active()).toMatchObject([{ state: 'firing', health: 'error' }])
    world.metrics.failWith = null
    await evaluations([90])
    expect(await world.active()).toMatchObject([{ state: 'firing', health: 'ok' }])
  })

  it('goes on from memory while the disk refuses, and saves later', async () => {
    let full = false
    await open({
      rules: hot(),
      through: (state) => ({
        ...state,
        commit: (unit) =>
          full ? Promise.reject(new AppError('unavailable', 'The disk is full.')) : state.commit(unit),
      }),
    })
    full = true
    await evaluations([90])
    expect(world.ports.desktop.shown).toHaveLength(1)
    expect(world.notices.list().map(({ title }) => title)).toContain('Alerts cannot be saved')
    expect(await world.told()).toEqual([])
    const [alert] = await world.active()
    await expect(world.alerting.alerts.acknowledge([alert?.id ?? ''], 'anna', '', null)).rejects.toThrow(
      'The disk is full.',
    )
    full = false
    await evaluations([91, 70])
    expect(await world.told()).toEqual(['fired attic has 90 degrees', 'resolved Resolved: attic has 91 degrees'])
    expect(world.notices.list().map(({ title }) => title)).not.toContain('Alerts cannot be saved')
  })
})

describe('people', () => {
  const id = async () => (await world.active())[0]?.id ?? ''

  it('hold an alert: others see who, and nobody is told again', async () => {
    await open({ rules: hot() })
    await evaluations([90])
    await world.alerting.alerts.acknowledge([await id()], 'anna', 'fan ordered', null)
    await expect(world.alerting.alerts.acknowledge([await id()], 'ben', '', null)).rejects.toThrow(
      /has been held by anna since/,
    )
    const [alert] = await world.active()
    expect(alert?.acknowledgement).toMatchObject({ by: 'anna', note: 'fan ordered' })
    expect((await world.alerting.alerts.get(alert?.id ?? '')).explanation.join(' ')).toContain('anna has held it since')
    await world.alerting.alerts.unacknowledge([await id()], 'ben')
    expect((await world.active())[0]?.acknowledgement).toBeNull()
  })

  it('are told again when a hold or a snooze ends and it still fires', async () => {
    await open({ rules: hot() })
    await evaluations([90])
    await world.alerting.alerts.snooze([await id()], 'anna', world.ports.clock.now() + 60_000)
    await evaluations([90, 90])
    expect(await world.told()).toHaveLength(1)
    expect((await world.active())[0]?.snoozedUntil).not.toBeNull()
    await evaluations([90, 90, 90])
    expect(await world.told()).toHaveLength(2)
    expect((await world.active())[0]?.snoozedUntil).toBeNull()
  })

  it('are not told the end of what is snoozed', async () => {
    await open({ rules: hot() })
    await evaluations([90])
    await world.alerting.alerts.snooze([await id()], 'anna', world.ports.clock.now() + 600_000)
    await evaluations([70])
    expect(await world.told()).toHaveLength(1)
  })

  it('close an alert by hand; it comes back only after the condition was false', async () => {
    await open({ rules: hot() })
    await evaluations([90])
    const first = await id()
    await world.alerting.alerts.resolve([first], 'anna', 'known')
    await evaluations([90, 90])
    expect(await world.active()).toEqual([])
    expect((await world.alerting.alerts.get(first)).explanation.join(' ')).toContain('Resolved by anna')
    await expect(world.alerting.alerts.resolve([first], 'anna', '')).rejects.toThrow('Hot is resolved already')
    await expect(world.alerting.alerts.resolve(['nobody'], 'anna', '')).rejects.toThrow('There is no alert with the id')
    await world.crash()
    await evaluations([90])
    expect(await world.active()).toEqual([])
    await evaluations([70, 90])
    expect(await id()).not.toBe(first)
    expect(await world.active()).toHaveLength(1)
  })

  it('change all of the alerts they named, or none', async () => {
    await open({ rules: hot() })
    await evaluations([90])
    await expect(
      world.alerting.alerts.snooze([await id(), 'nobody'], 'anna', world.ports.clock.now() + 1000),
    ).rejects.toThrow()
    expect((await world.active())[0]?.snoozedUntil).toBeNull()
    await expect(world.alerting.alerts.snooze([await id()], 'anna', 5)).rejects.toThrow(/expected an instant after/)
  })
})

describe('after a restart', () => {
  it('knows what fired, and does not tell it again', async () => {
    await open({ rules: hot() })
    await evaluations([90])
    const before = await world.active()
    await world.crash()
    expect(await world.active()).toEqual(before)
    await evaluations([90])
    expect(world.ports.desktop.shown).toEqual([])
    await evaluations([70])
    expect(await world.told()).toEqual(['fired attic has 90 degrees', 'resolved Resolved: attic has 90 degrees'])
  })

  it('gives a pending alert credit for the time it was watched, not for the time away', async () => {
    await open({ rules: hot('        for: 45s') })
    await evaluations([90, 90, 90])
    expect(await world.active()).toMatchObject([{ state: 'pending' }])
    world.ports.time.setWallClock(world.ports.clock.now() + 3_600_000)
    await world.crash()
    await evaluations([90])
    expect(await world.active()).toMatchObject([{ state: 'pending' }])
    await evaluations([90])
    expect(await world.active()).toMatchObject([{ state: 'firing' }])
  })

  it('ends alerts whose rule is gone', async () => {
    await open({ rules: hot() })
    await evaluations([90])
    await world.crash({ rules: ruleFile('      - alert: Cold\n        expr: temperature < 0\n') })
    expect(await world.active()).toEqual([])
    expect(await world.told()).toEqual(['fired attic has 90 degrees', 'resolved Resolved: attic has 90 degrees'])
  })

  it('keeps alerts whose rule file has a mistake just now', async () => {
    await open({ rules: hot() })
    await evaluations([90])
    await world.crash({ rules: 'groups: [' })
    expect(await world.active()).toMatchObject([{ rule: 'Hot', state: 'firing' }])
    await world.crash({ rules: hot() })
    await evaluations([70])
    expect(await world.active()).toEqual([])
  })

  it('starts although a stored alert cannot be read', async () => {
    await open({ rules: hot() })
    const broken = {
      ruleId: 'r',
      rule: 'R',
      fingerprint: 'f',
      severity: 'info',
      checkId: null,
      state: 'firing',
    } as const
    const rest = { live: true, activeAt: 1, firedAt: 1, resolvedAt: null, labels: {}, body: '{"no": "record"}' }
    await world.state.commit([['alert.save', [{ id: 'x', ...broken, ...rest }]]])
    await world.crash()
    expect(world.ports.logger.lines.map(({ message }) => message)).toContain('a stored alert could not be read')
    await evaluations([90])
    expect(await world.active()).toHaveLength(1)
  })

  it('keeps cooldowns', async () => {
    await open({ rules: hot() })
    await evaluations([90, 70])
    await world.crash()
    await evaluations([90])
    expect((await world.told()).filter((line) => line.startsWith('fired'))).toHaveLength(1)
  })
})
