import { afterEach, describe, expect, it } from 'vitest'
import { type AlertingWorld, alertingWorld, ruleFile } from './alerting-world.ts'

let world: AlertingWorld
afterEach(() => world.close())

const pair = ruleFile(`
      - alert: Full
        expr: used > 0.9
        labels: { severity: critical }
        annotations: { summary: '{{ $labels.disk }} is full' }
      - alert: Filling
        expr: used > 0.8
        annotations: { summary: '{{ $labels.disk }} fills up', belfry_superseded_by: Full }
`)

async function use(ratios: Record<string, number>) {
  for (const [disk, ratio] of Object.entries(ratios)) world.put('used', { disk }, ratio)
  await world.pass(15_000)
}

describe('two rules on one metric', () => {
  it('ring once for a target, while both are listed and the milder one says why', async () => {
    world = await alertingWorld({ rules: pair })
    await use({ root: 0.95, home: 0.85 })
    expect(await world.told()).toEqual(['fired root is full', 'fired home fills up'])
    const active = await world.active()
    expect(active.map(({ rule, labels }) => `${rule} ${labels['disk']}`)).toEqual([
      'Full root',
      'Filling home',
      'Filling root',
    ])
    const superseded = active.find(({ rule, labels }) => rule === 'Filling' && labels['disk'] === 'root')
    const { explanation } = await world.alerting.alerts.get(superseded?.id ?? '')
    expect(explanation).toContain(
      'Nobody was told: Full fires for the same target. If this still fires when that is over, it is told.',
    )
  })

  it('tell the milder one when the worse is over and it still fires', async () => {
    world = await alertingWorld({ rules: pair })
    await use({ root: 0.95 })
    await world.crash()
    await use({ root: 0.85 })
    await use({ root: 0.2 })
    expect(await world.told()).toEqual([
      'fired root is full',
      'resolved Resolved: root is full',
      'fired root fills up',
      'resolved Resolved: root fills up',
    ])
  })

  it('tell nothing of the milder one when both are over at once', async () => {
    world = await alertingWorld({ rules: pair })
    await use({ root: 0.95 })
    await use({ root: 0.2 })
    expect(await world.told()).toEqual(['fired root is full', 'resolved Resolved: root is full'])
  })

  it('tell of both when it gets worse later', async () => {
    world = await alertingWorld({ rules: pair })
    await use({ root: 0.85 })
    await use({ root: 0.95 })
    expect(await world.told()).toEqual(['fired root fills up', 'fired root is full'])
  })

  it('are refused where the name is none', async () => {
    world = await alertingWorld({ rules: pair.replace('superseded_by: Full', 'superseded_by: disk full') })
    expect(world.notices.list().map(({ message }) => message)).toContainEqual(
      expect.stringContaining('expected belfry_superseded_by to name other rules such as DiskFull, got "disk full"'),
    )
  })

  it('are superseded in the presets by rules that are there and stand before them', async () => {
    world = await alertingWorld({ presets: true })
    const names = world.alerting.rules.list().map(({ rule }) => rule.alert)
    const pairs = world.alerting.rules.list().flatMap(({ rule }) => {
      const worse = rule.annotations['belfry_superseded_by']
      return worse === undefined ? [] : [[worse, rule.alert] as const]
    })
    expect(pairs.length).toBeGreaterThanOrEqual(15)
    for (const [worse, milder] of pairs) {
      expect(names).toContain(worse)
      expect(names.indexOf(worse)).toBeLessThan(names.indexOf(milder))
    }
  })
})
