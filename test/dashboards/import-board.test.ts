import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { importBoard } from '#main/dashboards/import-board.ts'
import { keepPace } from '#main/rules/pace.ts'
import { fakePorts } from '#test/support/ports.ts'

const fixture = (name: string) => readFileSync(join(import.meta.dirname, '../domain/dashboard', name), 'utf8')
const importing = (text: string) => importBoard(text, keepPace(fakePorts().clock))

describe('an imported file', () => {
  it('of Belfry is taken as it is', async () => {
    const imported = await importing(`\ufeff${fixture('sample-board.json')}`)
    expect(imported).toMatchObject({ format: 'belfry', board: { uid: 'shop' }, notTaken: [] })
  })

  it('of Grafana is taken as far as it goes', async () => {
    const imported = await importing(fixture('grafana/node-board.json'))
    expect(imported).toMatchObject({ format: 'grafana', board: { title: 'Node Exporter Whole' } })
    expect(imported.notTaken.length).toBeGreaterThan(10)
  })

  it.each([
    ['{"title":', 'invalid', /^line 1: expected JSON, which this is not: Unexpected end/],
    ['<html>', 'invalid', /^line 1: expected JSON, which this is not: Unexpected token '<'\.$/],
    ['[1, 2]', 'invalid', /^This is no dashboard of Belfry or Grafana; line 1: expected a dashboard, came a list\.$/],
    [
      '{\n"version": 1,\n"uid": "a",\n"title": "A",\n"refresh": 5}',
      'invalid',
      /line 5, refresh: expected text, came the number 5: put it in quotes\.$/,
    ],
    [
      `{"schemaVersion": 39, "x": "${'x'.repeat(10_000_000)}"}`,
      'too-large',
      /^expected a board of at most 2000000 characters/,
    ],
    ['{"kind": "Dashboard", "spec": {}}', 'invalid', /^expected the classic form of a board/],
  ])('that is none is refused with its place: %.30s', async (text, code, message) => {
    await expect(importing(text)).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
  })

  it('of any depth is answered', async () => {
    const deep = `{"schemaVersion": 39, "title": "T", "panels": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`
    await expect(importing(deep)).resolves.toMatchObject({ board: { panels: [] } })
  })
})
