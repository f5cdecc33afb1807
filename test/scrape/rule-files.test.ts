/** Rules that prometheus.yml names, and what an alert knows of a target that is scraped. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { targetObserved } from '#main/alerts/target-observed.ts'
import { type LiveConsole, openLiveConsole } from '#test/support/live-console.ts'
import { memoryConfig } from '#test/support/memory-config.ts'
import { memoryMetrics } from '#test/support/memory-metrics.ts'

const patience = { timeout: 20_000, interval: 100 }

describe('rule_files of a prometheus.yml', () => {
  let live: LiveConsole
  beforeAll(async () => {
    live = await openLiveConsole()
  }, 30_000)
  afterAll(() => live.close())

  const caller = { role: 'admin', name: 'test' } as const
  const ruleNamed = async (name: string) => {
    const rules = await live.console.handlers['rules.list']({}, { caller, signal: new AbortController().signal })
    return rules.find(({ rule }) => rule.alert === name)
  }

  it('are used, at the interval that the file says, and followed as they change', { timeout: 60_000 }, async () => {
    const rules = (alert: string) => stringify({ groups: [{ name: 'named', rules: [{ alert, expr: 'vector(1)' }] }] })
    await writeFile(join(live.configDir, 'alerts.yml'), rules('First'))
    await writeFile(
      join(live.configDir, 'prometheus.yml'),
      stringify({ global: { evaluation_interval: '1s' }, rule_files: ['alerts.yml'] }),
    )
    await expect
      .poll(() => ruleNamed('First'), patience)
      .toMatchObject({ origin: 'file', group: 'named', file: 'alerts.yml' })
    await expect.poll(async () => (await ruleNamed('First'))?.firing, patience).toBe(1)
    await writeFile(join(live.configDir, 'alerts.yml'), rules('Second'))
    await expect.poll(() => ruleNamed('Second'), patience).toBeDefined()
    expect(await ruleNamed('First')).toBeUndefined()
  })
})

describe('an alert of a target', () => {
  const at = 1_767_571_200_000
  const target = { job: 'node', instance: 'db-1:9100', env: 'prod' }
  const observed = (labels: Record<string, string>, metrics = memoryMetrics()) =>
    targetObserved(labels, memoryConfig(), metrics, at, () => [target])

  it('knows that it was looked at while up is fresh, whatever its value', async () => {
    const metrics = memoryMetrics()
    metrics.put('up', target, at - 10_000, 0)
    expect(await observed({ job: 'node', instance: 'db-1:9100', device: 'sda' }, metrics)).toBe(true)
    expect(await observed({ job: 'node' }, metrics)).toBe(true)
  })

  it('knows that it was not when up has ended, though this machine itself was looked at', async () => {
    const metrics = memoryMetrics()
    metrics.put('node_load1', {}, at - 1000, 1)
    metrics.put('up', target, at - 10_000, 1)
    metrics.end('up', target, at - 5000)
    expect(await observed({ job: 'node', instance: 'db-1:9100' }, metrics)).toBe(false)
    // Nobody scrapes that one any more: what was said of it is over.
    expect(await observed({ job: 'node', instance: 'db-2:9100' }, metrics)).toBe(true)
  })
})
