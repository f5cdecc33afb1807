import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { loadRuleBook } from '#main/rules/rule-book.ts'

let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'belfry-rule-book-'))
  for (const name of ['resources/rules', 'config/rules', 'prometheus']) {
    await mkdir(join(directory, name), { recursive: true })
  }
  await put('resources/rules/preset.yml', 'preset', '{ alert: A, expr: up }, { alert: B, expr: up }')
})
afterEach(() => rm(directory, { recursive: true }))

const put = (path: string, group: string, rules: string, more = '') =>
  writeFile(join(directory, path), `groups: [{ name: ${group}, ${more}rules: [${rules}] }]\n`)

const load = () =>
  loadRuleBook({
    resourcesDir: join(directory, 'resources'),
    configDirectory: join(directory, 'config'),
    patterns: ['rules/*.yml'],
    further: { patterns: [join(directory, 'prometheus/*.yml')], everyMs: 30_000 },
  })

it('holds the files of a prometheus.yml beside its own, each once, at the interval it says', async () => {
  await put('config/rules/mine.yml', 'mine', '{ alert: C, expr: up }')
  await put('prometheus/theirs.yml', 'theirs', '{ alert: A, expr: up == 0 }, { record: x, expr: up }')
  await put('prometheus/fast.yml', 'fast', '{ alert: D, expr: up }', 'interval: 5s, ')
  const { groups, problems } = await load()
  expect(problems).toEqual([])
  expect(
    groups.map(({ name, origin, everyMs, rules }) => [name, origin, everyMs, rules.map((rule) => rule.name)]),
  ).toEqual([
    ['preset', 'preset', 15_000, ['B']],
    ['mine', 'file', 15_000, ['C']],
    ['fast', 'file', 5000, ['D']],
    ['theirs', 'file', 30_000, ['A', 'x']],
  ])
  expect(groups.at(-1)?.file).toBe(join(directory, 'prometheus/theirs.yml'))
})

it('names what is wrong in them with their path', async () => {
  await put('prometheus/wrong.yml', 'wrong', '{ alert: A, expr: "up ==" }')
  const { problems } = await load()
  expect(problems).toMatchObject([{ file: join(directory, 'prometheus/wrong.yml'), line: 1 }])
})
