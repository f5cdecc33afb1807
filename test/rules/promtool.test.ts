/** What Belfry ships, writes and renders, judged by promtool. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { ownRules } from '#main/rules/own-rules.ts'
import { RuleDraft } from '#shared/contract/alerts.ts'
import { advance, type Episode, type Sight, type Step } from '#shared/domain/alert-machine.ts'
import { seededRandom } from '#test/support/ports.ts'
import { hasPromtool, judged } from './promtool.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'belfry-promtool-'))
})
afterEach(() => rm(directory, { recursive: true }))

describe.skipIf(!hasPromtool)('promtool (package: prometheus)', () => {
  it('accepts the shipped rules', async () => {
    const shipped = resolve(import.meta.dirname, '../../resources/rules')
    const files = (await readdir(shipped)).map((file) => join(shipped, file))
    const said = await judged('check', 'rules', ...files)
    expect(said.match(/SUCCESS/g)).toHaveLength(files.length)
    expect(said).not.toContain('FAILED')
  })

  it('accepts what screens write, with options of Belfry', async () => {
    const annotations = {
      summary: '{{ $value }}: "quoted"\nand # more',
      belfry_cooldown: '1h',
      belfry_no_data: 'alert',
    }
    const draft = {
      alert: 'Hot',
      expr: 'a{b="c"} > 1',
      forMs: 90_000,
      keepFiringForMs: 0,
      labels: { severity: 'critical' },
      annotations,
    }
    await ownRules(directory).save(RuleDraft.parse(draft), null)
    expect(await judged('check', 'rules', join(directory, 'rules', 'own.yml'))).toContain('SUCCESS: 1 rules found')
  })

  it('sees alerts fire at the same evaluations', async () => {
    const random = seededRandom(7)
    const minutes = 60
    const history = Array.from({ length: minutes }, () => (random.next() < 0.6 ? 1 : 0))
    const timings = [0, 1, 2, 5].flatMap((hold) => [0, 1, 3].map((keep) => ({ hold, keep })))
    const rules = timings.map(({ hold, keep }) => ({
      alert: `For${hold}Keep${keep}`,
      expr: 'condition > 0',
      for: `${hold}m`,
      keep_firing_for: `${keep}m`,
    }))
    await writeFile(join(directory, 'rules.yml'), stringify({ groups: [{ name: 'a', interval: '1m', rules }] }))
    const tests = timings.flatMap(({ hold, keep }) =>
      firingMinutes(history, hold * 60_000, keep * 60_000).map((isFiring, minute) => ({
        eval_time: `${minute}m`,
        alertname: `For${hold}Keep${keep}`,
        exp_alerts: isFiring ? [{ exp_labels: {} }] : [],
      })),
    )
    const series = [{ series: 'condition', values: history.join(' ') }]
    const input = {
      rule_files: ['rules.yml'],
      tests: [{ interval: '1m', input_series: series, alert_rule_test: tests }],
    }
    await writeFile(join(directory, 'test.yml'), stringify(input, { lineWidth: 0 }))
    expect(tests.some(({ exp_alerts }) => exp_alerts.length > 0)).toBe(true)
    expect(await judged('test', 'rules', join(directory, 'test.yml'))).toContain('SUCCESS')
  })
})

/** Whether Belfry's state machine says that the alert fires, at each minute of a history of its condition. */
function firingMinutes(history: readonly number[], forMs: number, keepFiringForMs: number): boolean[] {
  let episode: Episode | null = null
  return history.map((holds, minute) => {
    const sight: Sight = holds ? { type: 'true', value: 1, labels: {}, annotations: {} } : { type: 'false' }
    const timing = { forMs, keepFiringForMs, longestGapMs: 150_000 }
    const step: Step = advance(episode, sight, minute * 60_000, timing, String(minute))
    episode = step.episode
    return episode?.state === 'firing' || episode?.state === 'recovering'
  })
}
