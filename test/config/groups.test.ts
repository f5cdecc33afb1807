import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { writtenOf } from '#main/config/config-file.ts'
import { mergedTexts } from '#main/config/merge-texts.ts'
import type { OpenConfig } from '#main/config/open-config.ts'
import { unifiedDiff } from '#main/config/unified-diff.ts'
import { configRoom, toldBy } from './support.ts'

const file = `groups:
  web:
    every: 30s
    timeout: 5s
    confirm: { failures: 3, of: 5 }
    labels: { team: web, tier: "1" }
    tags: [public]
    config:
      http: { password: from-group, retries: 2 }
checks:
  - name: Shop   # ours
    id: shop
    kind: http
    group: web
    tags: [money]
    labels: { tier: "0" }
    confirm: { successes: 1 }
    config: { url: a }
  - { name: Plain, id: plain, kind: http, config: { url: b } }
`
const check = (config: OpenConfig, id: string) => {
  const found = config.current().checks.find((one) => one.id === id)
  if (found === undefined) throw new Error(`there is no ${id}`)
  return found
}

describe('a check of a group', () => {
  it('takes from it what it does not say itself', async () => {
    const config = await (await configRoom({ 'belfry.yaml': file })).open()
    expect(toldBy(config)).toEqual([])
    expect(check(config, 'shop').draft).toMatchObject({
      everyMs: 30_000,
      timeoutMs: 5000,
      confirm: { failures: 3, of: 5, successes: 1, retryEveryMs: 15_000 },
      labels: { team: 'web', tier: '0' },
      tags: ['public', 'money'],
      config: { url: 'a', password: 'from-group', retries: 2 },
    })
    expect(writtenOf(check(config, 'shop'))).toMatchObject({
      labels: { tier: '0' },
      tags: ['money'],
      config: { url: 'a' },
    })
  })

  it('is saved without what the group says', async () => {
    const room = await configRoom({ 'belfry.yaml': file })
    const config = await room.open()
    await config.saveCheck('shop', { ...writtenOf(check(config, 'shop')), config: { url: 'c' } })
    expect(await readFile(room.at('belfry.yaml'), 'utf8')).toBe(file.replace('url: a', 'url: c'))
    await config.saveCheck('plain', { ...check(config, 'plain').draft, group: 'web', everyMs: 30_000 })
    expect(await readFile(room.at('belfry.yaml'), 'utf8')).toMatch(
      /id: plain.*group: web.*every: 30s|id: plain, .*group: web/,
    )
  })

  it('follows a change of the group', async () => {
    const room = await configRoom({ 'belfry.yaml': file })
    const config = await room.open()
    await room.write('belfry.yaml', file.replace('every: 30s', 'every: 45s'))
    await config.reload()
    expect(check(config, 'shop').draft.everyMs).toBe(45_000)
    expect(check(config, 'plain').draft.everyMs).toBe(60_000)
  })

  it.each([
    [
      'a group that is not there',
      file.replace('group: web', 'group: wbe'),
      'checks[0].group: There is no group "wbe": "wbe" is not known here: did you mean "web"?',
    ],
    ['a group with a mistake', file.replace('timeout: 5s', 'timeout: 5'), 'groups.web.timeout: expected a duration'],
    [
      'an unknown field',
      file.replace('timeout: 5s', 'tiemout: 5s'),
      'groups.web.tiemout: "tiemout" is not known here: did you mean "timeout"?',
    ],
    [
      'options that the kind refuses',
      file.replace('retries: 2', 'retries: many'),
      'checks[0].config.retries: expected a number',
    ],
    ['groups that are a list', 'groups: [a]\n', 'groups: expected the names of groups'],
  ])('is told of %s', async (_name, text, wanted) => {
    const config = await (await configRoom({ 'belfry.yaml': text })).open()
    expect(toldBy(config).join('\n')).toContain(wanted)
  })
})

describe('one change to many checks', () => {
  it('is one write that touches what it is about, and can be seen before and taken back', async () => {
    const room = await configRoom({
      'belfry.yaml': file,
      'conf.d/x.yaml': 'checks:\n  - {name: X, id: x, kind: http, config: {url: x}} # x\n',
    })
    const config = await room.open()
    const change = { everyMs: 90_000, addTags: ['slow'], removeTags: ['money'], setLabels: { a: 'b' }, group: null }
    const ids = ['shop', 'x']
    const preview = await config.preview({ edit: 'editChecks', ids, change })
    expect(preview.map(({ file: name }) => config.nameOf(name))).toEqual(['belfry.yaml', 'conf.d/x.yaml'])
    expect(await readFile(room.at('belfry.yaml'), 'utf8')).toBe(file)
    await config.editChecks(ids, change)
    expect(check(config, 'shop').draft).toMatchObject({
      everyMs: 90_000,
      tags: ['slow'],
      group: null,
      labels: { tier: '0', a: 'b' },
    })
    expect(check(config, 'plain').draft.everyMs).toBe(60_000)
    expect(check(config, 'x').draft).toMatchObject({ tags: ['slow'], labels: { a: 'b' } })
    expect(await readFile(room.at('conf.d/x.yaml'), 'utf8')).toContain('# x')
    expect(config.edits()).toMatchObject([{ summary: 'Change 2 checks', refusal: null }])
    const undone = await config.undo(null)
    expect(undone.files).toHaveLength(2)
    expect(await readFile(room.at('belfry.yaml'), 'utf8')).toBe(file)
    expect(check(config, 'x').draft.tags).toEqual([])
    expect(config.edits()).toEqual([])
  })

  it('is refused as a whole with the reason', async () => {
    const room = await configRoom({ 'belfry.yaml': file })
    const config = await room.open()
    await expect(config.editChecks(['shop', 'nobody'], { enabled: false })).rejects.toMatchObject({ code: 'not-found' })
    await expect(config.editChecks(['shop', 'plain'], { group: 'none' })).rejects.toMatchObject({ code: 'invalid' })
    await expect(config.editChecks(['plain'], { confirm: { failures: 9 } })).rejects.toMatchObject({
      issues: [{ path: 'confirm.failures' }],
    })
    expect(await readFile(room.at('belfry.yaml'), 'utf8')).toBe(file)
  })
})

describe('an edit that is taken back', () => {
  it('leaves what was changed since, by hand and by screens', async () => {
    const room = await configRoom({ 'belfry.yaml': file })
    const config = await room.open()
    await config.removeCheck('plain')
    await config.saveSettings({ logLevel: 'debug' })
    await room.write('belfry.yaml', `# by hand\n${await readFile(room.at('belfry.yaml'), 'utf8')}`)
    await config.reload()
    const [, removal] = config.edits()
    expect(removal).toMatchObject({ summary: 'Remove the check "Plain"', refusal: null })
    expect(removal?.restores[0]?.diff).toContain('+  - { name: Plain, id: plain')
    await config.undo(removal?.id ?? '')
    expect(await readFile(room.at('belfry.yaml'), 'utf8')).toBe(`# by hand\n${file}log:\n  level: debug\n`)
  })

  it('is refused when its object changed since, and says so in the list', async () => {
    const room = await configRoom({ 'belfry.yaml': file })
    const config = await room.open()
    await config.setChecksEnabled(['shop'], false)
    await config.editChecks(['shop'], { everyMs: 99_000 })
    const [, first] = config.edits()
    expect(first).toMatchObject({ restores: [], refusal: expect.stringContaining('has changed since') })
    await expect(config.undo(first?.id ?? '')).rejects.toMatchObject({ code: 'conflict' })
    await expect(config.undo('edit-99')).rejects.toMatchObject({ code: 'not-found' })
    await config.undo(null)
    await config.undo(null)
    expect(await readFile(room.at('belfry.yaml'), 'utf8')).toBe(file)
  })
})

describe('mergedTexts', () => {
  it.each([
    ['a\nb\nc\nd', 'A\nb\nc\nd', 'a\nb\nc\nD', 'A\nb\nc\nD'],
    ['a\nb', 'a\nb\nc', 'a\nb', 'a\nb\nc'],
    ['a\nb\nc', 'a\nc', 'a\nb\nc\nd', 'a\nc\nd'],
    ['a', 'b', 'c', null],
    ['a\nb\nc', 'a\nx\nc', 'a\nb\ny\nc', 'a\nx\ny\nc'],
  ])('puts two changes of %j together', (base, ours, theirs, wanted) => {
    expect(mergedTexts(base, ours, theirs)).toBe(wanted)
    expect(mergedTexts(base, theirs, ours)).toBe(wanted)
  })
})

describe('unifiedDiff', () => {
  it('is what diff -u prints', () => {
    const before = 'a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\n'
    expect(unifiedDiff('x', before, before.replace('b\n', '').replace('j\n', 'J\nJJ\n'))).toBe(
      '--- x\n+++ x\n@@ -1,5 +1,4 @@\n a\n-b\n c\n d\n e\n@@ -7,5 +6,6 @@\n g\n h\n i\n-j\n+J\n+JJ\n k\n',
    )
    expect(unifiedDiff('x', null, 'a\n')).toBe('--- /dev/null\n+++ x\n@@ -0,0 +1,1 @@\n+a\n')
    expect(unifiedDiff('x', 'a', 'a\n')).toContain('No newline at end of file')
    expect(unifiedDiff('x', 'a\n', 'a\n')).toBe('')
  })
})
