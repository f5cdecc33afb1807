/** What Belfry ships, writes and renders, judged by promtool. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { ownRules } from '#main/rules/own-rules.ts'
import { RuleDraft } from '#shared/contract/alerts.ts'
import { compileTemplate } from '#shared/domain/template.ts'

const promtool = '/usr/bin/promtool'

async function judged(...args: string[]): Promise<string> {
  const answer = await promisify(execFile)(promtool, args).catch((error) => error)
  return `${answer.stdout}${answer.stderr}`
}

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'belfry-promtool-'))
})
afterEach(() => rm(directory, { recursive: true }))

describe.skipIf(!existsSync(promtool))('promtool (package: prometheus)', () => {
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

  it('renders annotations like Belfry', async () => {
    const values = [
      0, 1, -1, 0.5, 0.05, 1e-7, 59.94, 61, 3600, 93_784.5, 999.96, 1023, 1024, 123_456_789, 1e15, 999_999, 1_000_000,
      1_234_567.5, -0.00123,
    ]
    const templates = [
      '{{ $value }}',
      '{{ .Value }} {{ $labels.room }} {{ $labels.none }}.',
      '{{ humanize $value }}',
      '{{ $value | humanize1024 }}',
      '{{ humanizeDuration $value }}',
      '{{ humanizePercentage $value }}',
      '{{ printf "%.2f|%8.3f|%-8.1f|%e|%g|%.3g" $value $value $value $value $value $value }}',
      '{{ $labels.room | toUpper }} {{ $labels.room | title }} {{ printf "%s %q" $labels.room $labels.room }}',
      'a {{- " b " -}} c {{/* nothing */}}',
    ]
    const annotations = Object.fromEntries(templates.map((template, index) => [`t${index}`, template]))
    const rules = values.map((value, index) => ({
      alert: `A${index}`,
      expr: `(room * 0 + ${value}) or room == 1`,
      annotations,
    }))
    await writeFile(join(directory, 'rules.yml'), stringify({ groups: [{ name: 'a', rules }] }, { lineWidth: 0 }))
    const labels = { room: 'the attic' }
    const tests = values.map((value, index) => ({
      eval_time: '1m',
      alertname: `A${index}`,
      exp_alerts: [
        {
          exp_labels: labels,
          exp_annotations: Object.fromEntries(
            templates.map((template, number) => {
              const compiled = compileTemplate(template)
              return [`t${number}`, compiled.ok ? compiled.render({ labels, value }) : compiled.problem]
            }),
          ),
        },
      ],
    }))
    const input = {
      rule_files: ['rules.yml'],
      tests: [
        { interval: '1m', input_series: [{ series: 'room{room="the attic"}', values: '1x5' }], alert_rule_test: tests },
      ],
    }
    await writeFile(join(directory, 'test.yml'), stringify(input, { lineWidth: 0 }))
    expect(await judged('test', 'rules', join(directory, 'test.yml'))).toContain('SUCCESS')
  })
})
