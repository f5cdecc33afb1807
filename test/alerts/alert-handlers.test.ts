import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { alertHandlers } from '#main/api/alerts.ts'
import { serve } from '#main/transport/serve.ts'
import { alertsContract } from '#shared/contract/alerts.ts'
import { type AlertingWorld, alertingWorld, ruleFile, type WorldOptions } from './alerting-world.ts'

let world: AlertingWorld
afterEach(() => world.close())

const rules = ruleFile(`
      - alert: Hot
        expr: temperature > 80
        labels: { severity: critical }
        annotations: { summary: '{{ $labels.room }} is hot' }
      - alert: Warm
        expr: temperature > 50
        for: 1m
        keep_firing_for: 1m
      - record: temperature:max
        expr: max(temperature)
`)

async function open(options: Partial<WorldOptions> = {}) {
  world = await alertingWorld({ rules, ...options })
}

/** A call as a screen makes it, its answer checked against the contract; throws what it was refused with. */
async function call(name: string, input: unknown = {}, role: 'viewer' | 'admin' = 'admin'): Promise<never> {
  const answer = serve(alertsContract, alertHandlers(world.alerting), world.ports.logger)
  const reply = await answer(name, input, { role, name: 'anna' }, new AbortController().signal)
  if (!reply.ok) throw new Error(`${reply.code}: ${reply.message}`)
  return reply.value as never
}

async function heat(rooms: Record<string, number>) {
  for (const [room, degrees] of Object.entries(rooms)) world.put('temperature', { room }, degrees)
  await world.pass(15_000)
}

describe('alerts over the contract', () => {
  it('come worst first, then oldest, then what is resolved', async () => {
    await open()
    await heat({ attic: 60 })
    await heat({ attic: 60, cellar: 90 })
    await heat({ attic: 60, cellar: 20, hall: 95 })
    const { alerts }: { alerts: { rule: string; state: string; labels: { room: string } }[] } = await call(
      'alerts.list',
      {
        states: ['pending', 'firing', 'recovering', 'resolved'],
      },
    )
    expect(alerts.map(({ rule, state, labels }) => `${state} ${rule} ${labels.room}`)).toEqual([
      'firing Hot hall',
      'pending Warm attic',
      'pending Warm hall',
      'resolved Hot cellar',
    ])
  })

  it('are found by severity, label and text', async () => {
    await open()
    await heat({ attic: 90, cellar: 95 })
    const rulesFound = async (query: object) => {
      const { alerts }: { alerts: { rule: string; labels: { room: string } }[] } = await call('alerts.list', query)
      return alerts.map(({ rule, labels }) => `${rule} ${labels.room}`).sort()
    }
    expect(await rulesFound({ severities: ['critical'] })).toEqual(['Hot attic', 'Hot cellar'])
    expect(await rulesFound({ labels: ['room=cellar', 'alertname=Hot'] })).toEqual(['Hot cellar'])
    expect(await rulesFound({ text: 'CELL' })).toEqual(['Hot cellar', 'Warm cellar'])
    await expect(call('alerts.list', { labels: ['room'] })).rejects.toThrow(/expected a label filter such as/)
    await expect(call('alerts.list', { cursor: 'x' })).rejects.toThrow(/expected a cursor/)
  })

  it('page through active and resolved ones without a gap', async () => {
    await open()
    const rooms = Array.from({ length: 7 }, (_, index) => `room ${index}`)
    await heat(Object.fromEntries(rooms.map((room) => [room, 90])))
    await heat(Object.fromEntries(rooms.map((room, index) => [room, index < 4 ? 20 : 90])))
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const page: { alerts: { id: string }[]; next: string | null } = await call('alerts.list', {
        ...{ states: ['firing', 'resolved'], limit: 2, cursor, text: 'hot' },
      })
      expect(page.alerts.length).toBeLessThanOrEqual(2)
      seen.push(...page.alerts.map(({ id }) => id))
      cursor = page.next
    } while (cursor !== null)
    expect(seen).toHaveLength(7)
    expect(new Set(seen).size).toBe(7)
  })

  it('explain themselves', async () => {
    await open()
    await heat({ attic: 90 })
    const { alerts }: { alerts: { id: string; rule: string }[] } = await call('alerts.list')
    const explanationOf = async (rule: string) => {
      const { explanation }: { explanation: string[] } = await call('alerts.get', {
        id: alerts.find((alert) => alert.rule === rule)?.id,
      })
      return explanation
    }
    expect(await explanationOf('Warm')).toEqual([
      expect.stringMatching(/^The condition temperature > 50 has held since 00:00:\d\d UTC; its last value was 90.$/),
      'It fires once that has been observed for 1 min: in 1 min.',
      'Nobody is told while an alert is pending.',
    ])
    const hot = await explanationOf('Hot')
    expect(hot[0]).toMatch(/has held since .* It fired at 00:00:\d\d UTC.$/)
    expect(hot[1]).toMatch(/^A notification went out at/)
    const deliveries = hot.slice(2).map((sentence) => sentence.replace(/ at .*\.$/, ''))
    expect(deliveries.sort()).toEqual(['The alert was delivered to desktop', 'The alert was delivered to in-app'])
    await heat({ attic: 20 })
    expect((await explanationOf('Hot')).join(' ')).toMatch(
      /Resolved: the condition no longer holds. That was at .* after 15 s\./,
    )
  })

  it('may be looked at by viewers and changed by operators', async () => {
    await open()
    await expect(call('alerts.resolve', { ids: ['x'] }, 'viewer')).rejects.toThrow(/forbidden/)
    await expect(call('rules.save', { rule: { alert: 'X', expr: 'up' } }, 'viewer')).rejects.toThrow(/forbidden/)
    expect(await call('alerts.list', {}, 'viewer')).toEqual({ alerts: [], next: null })
  })

  it('are announced as they change, and so are messages and deliveries', async () => {
    await open()
    await heat({ attic: 90 })
    const names = world.emitted.map(({ name }) => name)
    expect(names).toEqual(
      expect.arrayContaining(['alerts.changed', 'inbox.added', 'deliveries.changed', 'rules.changed']),
    )
    for (const { name, payload } of world.emitted) {
      if (!Object.hasOwn(alertsContract.events, name)) continue
      const schema = alertsContract.events[name as keyof typeof alertsContract.events]
      expect(schema.safeParse(payload).error).toBeUndefined()
    }
  })

  it('can be marked as read', async () => {
    await open()
    await heat({ attic: 90, cellar: 90 })
    const { items, unread }: { items: { id: string }[]; unread: number } = await call('inbox.list')
    expect(unread).toBe(2)
    expect(await call('inbox.markRead', { ids: [items[0]?.id] })).toEqual({ unread: 1 })
    expect(await call('inbox.markRead', { ids: [] })).toEqual({ unread: 0 })
  })
})

describe('rules over the contract', () => {
  interface Listed {
    id: string
    origin: string
    enabled: boolean
    health: string
    rule: { alert: string; expr: string }
  }
  const list = async (): Promise<Listed[]> => call('rules.list')
  const cold = { alert: 'Cold', expr: 'temperature < 0', labels: { severity: 'warning' }, annotations: {} }

  it('are listed with what they found', async () => {
    await open()
    await heat({ attic: 90 })
    expect(await list()).toMatchObject([
      { id: 'rules/test.yml;test;Hot', origin: 'file', health: 'ok', firing: 1, pending: 0, everyMs: 15_000 },
      { id: 'rules/test.yml;test;Warm', firing: 0, pending: 1 },
    ])
  })

  it('record series that rules after them see', async () => {
    await open()
    await heat({ attic: 90, cellar: 20 })
    expect(await call('rules.test', { expr: 'temperature:max' })).toMatchObject({ results: [{ value: 90 }] })
    expect(await call('rules.test', { expr: 'belfry_notifications_total{result="delivered"}' })).toMatchObject({
      results: [{ labels: { channel: 'desktop' }, value: 1 }],
    })
    expect(await call('rules.test', { expr: 'ALERTS' })).toMatchObject({ results: [{ value: 1 }, { value: 1 }] })
  })

  it('are created, changed, renamed and removed', async () => {
    await open()
    expect(await call('rules.save', { rule: cold })).toMatchObject({ id: 'rules/own.yml;own;Cold', origin: 'own' })
    await heat({ attic: -5 })
    expect(await world.active()).toMatchObject([{ rule: 'Cold', state: 'firing' }])
    await expect(call('rules.save', { rule: cold })).rejects.toThrow(
      /conflict: There is a rule named Cold in rules\/own.yml/,
    )
    const id = 'rules/own.yml;own;Cold'
    await call('rules.save', { id, rule: { ...cold, alert: 'Frost' } })
    expect((await list()).map(({ rule }) => rule.alert)).toEqual(['Frost', 'Hot', 'Warm'])
    expect(await world.active()).toEqual([])
    expect(await call('rules.remove', { id: 'rules/own.yml;own;Frost' })).toMatchObject({ rule: { alert: 'Frost' } })
    await expect(call('rules.remove', { id })).rejects.toThrow(/not-found/)
  })

  it('are refused with the place of the mistake', async () => {
    await open()
    await expect(call('rules.save', { rule: { ...cold, expr: 'temperature <' } })).rejects.toThrow(
      'invalid: 1:14: the expression ends here',
    )
    await expect(call('rules.save', { rule: { ...cold, annotations: { a: '{{ x }}' } } })).rejects.toThrow(
      /invalid: annotations.a: expected/,
    )
    await expect(call('rules.save', { id: 'rules/test.yml;test;Hot', rule: cold })).rejects.toThrow(
      /unprocessable: Hot is written in rules\/test.yml/,
    )
    await expect(call('rules.remove', { id: 'rules/test.yml;test;Hot' })).rejects.toThrow(
      /unprocessable: Hot is written in/,
    )
    await expect(call('rules.test', { expr: 'sum(' })).rejects.toThrow(/invalid: 1:5/)
  })

  it('are switched off with their alerts, and on again', async () => {
    await open()
    await heat({ attic: 90 })
    const id = 'rules/test.yml;test;Hot'
    expect(await call('rules.setEnabled', { id, enabled: false })).toMatchObject({ enabled: false, health: 'waiting' })
    expect((await world.active()).map(({ rule }) => rule)).toEqual(['Warm'])
    await heat({ attic: 90 })
    expect((await world.active()).map(({ rule }) => rule)).toEqual(['Warm'])
    await call('rules.setEnabled', { id, enabled: true })
    await heat({ attic: 90 })
    expect((await world.active()).map(({ rule }) => rule)).toEqual(['Hot', 'Warm'])
  })

  it('of the operator take the place of presets with the same name', async () => {
    await open({ presets: true })
    const preset = (await list()).find(({ rule }) => rule.alert === 'DiskFull')
    expect(preset?.origin).toBe('preset')
    await expect(call('rules.remove', { id: preset?.id })).rejects.toThrow(/is a preset; it can be switched off/)
    await call('rules.save', { id: preset?.id, rule: { ...preset?.rule, expr: 'disk > 0.99' } })
    const own = (await list()).filter(({ rule }) => rule.alert === 'DiskFull')
    expect(own).toMatchObject([{ origin: 'own', rule: { expr: 'disk > 0.99' } }])
    await call('rules.remove', { id: own[0]?.id })
    expect((await list()).find(({ rule }) => rule.alert === 'DiskFull')).toMatchObject({ origin: 'preset' })
  })

  it('that are broken are named with file and line, and the others go on', async () => {
    await open()
    const file = join(world.config.directory, 'rules', 'other.yml')
    await writeFile(file, ruleFile('      - alert: Broken\n        expr: temperature >>> 5\n'))
    await world.alerting.rules.reload()
    const notice = world.notices.list().find(({ message }) => message.includes('rules/other.yml'))
    expect(notice).toMatchObject({ title: 'A rule was left out', source: { file: 'rules/other.yml', line: 6 } })
    expect(await list()).toHaveLength(2)
    await writeFile(file, (await readFile(file, 'utf8')).replace('>>>', '>'))
    await world.alerting.rules.reload()
    expect(world.notices.list().some(({ message }) => message.includes('rules/other.yml'))).toBe(false)
    expect(await list()).toHaveLength(3)
  })

  it('are taken as they change on disk, and stay whole where something new is wrong', async () => {
    await open()
    const file = join(world.config.directory, 'rules', 'other.yml')
    await writeFile(file, ruleFile('      - alert: Second\n        expr: temperature > 50\n'))
    await world.alerting.rules.follow()
    expect(await list()).toHaveLength(3)
    await writeFile(file, ruleFile('      - alert: Second\n        expr: temperature >>> 50\n'))
    await world.alerting.rules.follow()
    expect((await list()).find(({ rule }) => rule.alert === 'Second')?.rule.expr).toBe('temperature > 50')
    const told = () => world.notices.list().find(({ message }) => message.includes('rules/other.yml'))
    expect(told()).toMatchObject({ title: 'Changed rules are not used', source: { line: 6 } })
    await writeFile(file, ruleFile('      - alert: Second\n        expr: temperature > 60\n'))
    await world.alerting.rules.follow()
    expect((await list()).find(({ rule }) => rule.alert === 'Second')?.rule.expr).toBe('temperature > 60')
    expect(told()).toBeUndefined()
  })
})
