import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadRules } from '#main/rules/load-rules.ts'
import { ownRules } from '#main/rules/own-rules.ts'
import { RuleDraft } from '#shared/contract/alerts.ts'

let directory: string
let file: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'belfry-own-rules-'))
  file = join(directory, 'rules', 'own.yml')
})
afterEach(() => rm(directory, { recursive: true }))

const draft = (fields: Partial<RuleDraft> = {}) =>
  RuleDraft.parse({ alert: 'Hot', expr: 'temperature > 80', ...fields })
const text = () => readFile(file, 'utf8')
async function given(content: string) {
  await mkdir(join(directory, 'rules'))
  await writeFile(file, content)
}

describe('own rules', () => {
  it('are written as a person would, and read back as they were meant', async () => {
    const rule = draft({
      forMs: 90_000,
      labels: { severity: 'critical' },
      annotations: { summary: '{{ $value }}: "hot"\nvery' },
    })
    await ownRules(directory).save(rule, null)
    expect(await text()).toContain('alert: Hot\n        expr: temperature > 80\n        for: 1m30s\n')
    const { groups, problems } = loadRules('rules/own.yml', await text(), 'own')
    expect(problems).toEqual([])
    expect(groups[0]?.rules[0]).toMatchObject({ draft: rule })
  })

  it('say what saving would write, and write nothing', async () => {
    const own = ownRules(directory)
    const [made] = await own.preview(draft(), null)
    expect(made).toMatchObject({
      file: 'rules/own.yml',
      isNew: true,
      diff: expect.stringContaining('+      - alert: Hot'),
    })
    await expect(text()).rejects.toThrow('ENOENT')
    await own.save(draft(), null)
    expect(await own.preview(draft(), null)).toEqual([])
    const [changed] = await own.preview(draft({ expr: 'temperature > 90' }), 'Hot')
    expect(changed?.isNew).toBe(false)
    expect(changed?.diff).toContain('-        expr: temperature > 80\n+        expr: temperature > 90')
  })

  it('keep comments, order and what they do not know', async () => {
    await given(
      '# mine\ngroups:\n  - name: own # here\n    rules:\n      # why\n      - alert: Hot\n        expr: a > 1\n        for: 5m\n      - alert: Cold\n        expr: a < 1\n',
    )
    await ownRules(directory).save(draft(), 'Hot')
    const after = await text()
    expect(after).toBe(
      '# mine\ngroups:\n  - name: own # here\n    rules:\n      # why\n      - alert: Hot\n        expr: temperature > 80\n      - alert: Cold\n        expr: a < 1\n',
    )
  })

  it('can be renamed and removed', async () => {
    const own = ownRules(directory)
    await own.save(draft(), null)
    await own.save(draft({ alert: 'Cold' }), 'Hot')
    expect(await text()).not.toContain('Hot')
    expect(await own.remove('Hot')).toBe(false)
    expect(await own.remove('Cold')).toBe(true)
    expect(loadRules('own.yml', await text(), 'own')).toMatchObject({ problems: [], groups: [{ rules: [] }] })
  })

  it('are never written over a file that cannot be understood', async () => {
    await given('groups: [\n')
    await expect(ownRules(directory).save(draft(), null)).rejects.toThrow(/rules\/own.yml is no valid YAML/)
    expect(await text()).toBe('groups: [\n')
  })

  it('find their place in an empty file and in one without groups', async () => {
    await given('# nothing yet\n')
    await ownRules(directory).save(draft(), null)
    expect(loadRules('own.yml', await text(), 'own').groups[0]?.rules).toHaveLength(1)
  })

  it('are written one after the other, none lost', async () => {
    const own = ownRules(directory)
    await Promise.all(Array.from({ length: 20 }, (_, index) => own.save(draft({ alert: `Rule${index}` }), null)))
    expect(loadRules('own.yml', await text(), 'own').groups[0]?.rules).toHaveLength(20)
  })
})
