import { writeFile } from 'node:fs/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { isStaleAt } from '#shared/domain/series.ts'
import { type AlertingWorld, alertingWorld } from './alerting-world.ts'

let world: AlertingWorld
afterEach(() => world.close())

/** One group every 15 s with these fields. */
const open = async (group: string) => {
  world = await alertingWorld({ rules: `groups:\n  - name: test\n    interval: 15s\n${group}` })
}

/** The values of each series of a metric so far; `stale` where it ended. */
async function series(name: string): Promise<Record<string, (number | 'stale')[]>> {
  const matchers = [{ label: '__name__', op: '=', value: name } as const]
  const all = await world.metrics.select(matchers, { from: 0, to: Number.MAX_SAFE_INTEGER })
  return Object.fromEntries(
    all.map(({ labels, values }) => [
      JSON.stringify(labels),
      Array.from(values, (value, index) => (isStaleAt(values, index) ? 'stale' : value)),
    ]),
  )
}

async function evaluations(rooms: readonly Record<string, number>[]) {
  for (const values of rooms) {
    for (const [room, value] of Object.entries(values)) world.put('temperature', { room }, value)
    await world.pass(15_000)
  }
}

describe('recording rules', () => {
  it('are seen by the rules after them in the same evaluation', async () => {
    await open(`    rules:
      - record: room:temperature:doubled
        expr: temperature * 2
        labels: { unit: half, room: '' }
      - record: temperature:most
        expr: max(room:temperature:doubled)
      - alert: Hot
        expr: '{__name__=~"temperature:.*"} > 100'
      - record: hot:count
        expr: count(ALERTS{alertname="Hot"})
`)
    await evaluations([{ attic: 60 }])
    expect(await series('room:temperature:doubled')).toEqual({ '{"unit":"half"}': [120] })
    expect(await series('temperature:most')).toEqual({ '{}': [120] })
    expect(await series('hot:count')).toEqual({ '{}': [1] })
    expect(await world.active()).toMatchObject([{ rule: 'Hot', value: 120, labels: { alertname: 'Hot' } }])
  })

  it('end the series that their expression gives no more', async () => {
    await open(`    rules:
      - record: hot
        expr: temperature > 80
`)
    await evaluations([
      { attic: 90, cellar: 95 },
      { attic: 70, cellar: 96 },
      { attic: 91, cellar: 97 },
    ])
    expect(await series('hot')).toEqual({
      '{"room":"attic"}': [90, 'stale', 91],
      '{"room":"cellar"}': [95, 96, 97],
    })
  })

  it('end with their rule', async () => {
    await open(`    rules:
      - record: hot
        expr: temperature > 80
      - record: other
        expr: temperature
`)
    await evaluations([{ attic: 90 }])
    await world.alerting.rules.reload()
    expect(await series('hot')).toEqual({ '{"room":"attic"}': [90] })
    const path = `${world.config.directory}/rules/test.yml`
    await writeFile(path, 'groups:\n  - name: test\n    rules:\n      - { record: other, expr: temperature }\n')
    await world.alerting.rules.reload()
    expect(await series('hot')).toEqual({ '{"room":"attic"}': [90, 'stale'] })
    expect(await series('other')).toEqual({ '{"room":"attic"}': [90] })
  })

  it('that give one series twice, or too many, write nothing and say so', async () => {
    await open(`    limit: 2
    rules:
      - record: same
        expr: temperature
        labels: { room: all }
      - record: many
        expr: temperature
`)
    await evaluations([{ a: 1 }, { a: 1, b: 2 }, { a: 1, b: 2, c: 3 }])
    expect(await series('same')).toEqual({ '{"room":"all"}': [1] })
    expect(await series('many')).toEqual({ '{"room":"a"}': [1, 1], '{"room":"b"}': [2] })
    expect(
      world.ports.logger.lines.flatMap(({ message, fields }) =>
        message === 'a rule cannot be evaluated' ? [fields?.['problem']] : [],
      ),
    ).toEqual([
      'two results have the same labels {room="all"}',
      'exceeded limit of 2 with 3 series',
      'exceeded limit of 2 with 3 series',
    ])
  })
})

describe('groups', () => {
  it('give their labels to their rules, which may have their own', async () => {
    await open(`    labels: { team: ops, severity: info }
    rules:
      - alert: Hot
        expr: temperature > 80
        labels: { severity: critical }
        annotations: { summary: 'of {{ $labels.room }}{{ $labels.severity }}' }
      - record: hot
        expr: temperature > 80
`)
    await evaluations([{ attic: 90 }])
    expect(await world.active()).toMatchObject([
      {
        labels: { alertname: 'Hot', room: 'attic', team: 'ops', severity: 'critical' },
        annotations: { summary: 'of attic' },
      },
    ])
    expect(Object.keys(await series('hot'))).toEqual(['{"room":"attic","team":"ops","severity":"info"}'])
  })

  it('fail an alerting rule beyond their limit, and leave its alerts as they are', async () => {
    await open(`    limit: 1
    rules:
      - alert: Hot
        expr: temperature > 80
`)
    await evaluations([{ a: 90 }, { a: 91, b: 92 }])
    expect(world.alerting.rules.list()).toMatchObject([
      { health: 'error', problem: 'exceeded limit of 1 with 2 alerts' },
    ])
    expect(await world.active()).toMatchObject([{ labels: { room: 'a' }, health: 'error' }])
  })

  it('look at the world as it was their offset ago, and write there', async () => {
    await open(`    query_offset: 30s
    rules:
      - record: copied
        expr: temperature
      - alert: Hot
        expr: temperature > 80
`)
    await evaluations([{ a: 70 }, { a: 90 }, { a: 91 }])
    const now = world.ports.clock.now()
    expect(await world.active()).toEqual([])
    await evaluations([{ a: 92 }])
    expect(await world.active()).toMatchObject([{ value: 90 }])
    const [alerts] = await world.metrics.select([{ label: '__name__', op: '=', value: 'ALERTS' }], {
      from: 0,
      to: now * 2,
    })
    const [copied] = await world.metrics.select([{ label: '__name__', op: '=', value: 'copied' }], {
      from: 0,
      to: now * 2,
    })
    expect(copied?.values.at(-1)).toBe(90)
    expect(alerts?.times.at(-1)).toBe(copied?.times.at(-1))
    expect(now - (copied?.times.at(-1) ?? 0)).toBeGreaterThanOrEqual(15_000)
  })
})

it('writes ALERTS and ALERTS_FOR_STATE as Prometheus does', async () => {
  await open(`    rules:
      - alert: Hot
        expr: temperature > 80
        for: 30s
        keep_firing_for: 15s
        labels: { severity: info }
`)
  await evaluations([{ a: 90 }, { a: 91 }, { a: 92 }, { a: 70 }, { a: 70 }, { a: 70 }])
  const labels = '"room":"a","severity":"info","alertname":"Hot"'
  expect(await series('ALERTS')).toEqual({
    [`{${labels},"alertstate":"firing"}`]: [1, 1, 'stale'],
    [`{${labels},"alertstate":"pending"}`]: [1, 1, 'stale'],
  })
  const since = Object.values(await series('ALERTS_FOR_STATE'))[0]
  expect(since).toHaveLength(5)
  expect(new Set(since).size).toBe(2)
  expect(since?.at(-1)).toBe('stale')
})
