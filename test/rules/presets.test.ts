/** The shipped rules keep their promises: unit tests in promtool's format, by Belfry and by promtool. */
import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runRulesTest } from '#main/alerts/unit-test/command.ts'
import { loadRules } from '#main/rules/load-rules.ts'
import { hasPromtool, judged } from './promtool.ts'

const directory = resolve(import.meta.dirname, 'presets')
const shipped = resolve(import.meta.dirname, '../../resources/rules')
const tests = await readdir(directory)

describe.each(tests)('the rules of %s', (file) => {
  const path = join(directory, file)

  it.each([['as Prometheus 3 reads ranges'], ['as Prometheus 2 does', '--prometheus2']])(
    'hold %s',
    async (_, ...flags) => {
      const lines: string[] = []
      const code = await runRulesTest([...flags, path], (line) => void lines.push(line))
      expect(lines.join('\n')).toMatch(/SUCCESS/)
      expect(code).toBe(0)
    },
  )

  it.skipIf(!hasPromtool)('hold by promtool (package: prometheus)', async () => {
    expect(await judged('test', 'rules', path)).toMatch(/SUCCESS/)
  })
})

it('load without a problem, each with a summary, a description and a severity, and none by a name twice', async () => {
  const files = await readdir(shipped)
  const loaded = await Promise.all(
    files.map(async (file) => loadRules(file, await readFile(join(shipped, file), 'utf8'), 'preset')),
  )
  expect(loaded.flatMap(({ problems }) => problems)).toEqual([])
  const rules = loaded.flatMap(({ groups }) => groups.flatMap((group) => group.rules))
  for (const rule of rules) {
    if (rule.type !== 'alert') continue
    expect(Object.keys(rule.draft.annotations)).toEqual(expect.arrayContaining(['summary', 'description']))
    expect(['info', 'warning', 'error', 'critical']).toContain(rule.draft.labels['severity'])
    for (const name of rule.supersededBy) expect(rules.map((one) => one.name)).toContain(name)
  }
  const names = rules.map(({ name }) => name)
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
})
