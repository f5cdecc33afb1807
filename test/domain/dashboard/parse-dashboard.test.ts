import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseDashboard, upgradedDashboard } from '#shared/domain/dashboard/upgrade.ts'

const sample: unknown = JSON.parse(readFileSync(join(import.meta.dirname, 'sample-board.json'), 'utf8'))
const least = { version: 1, uid: 'a', title: 'A' }

const complaints = (value: unknown) => {
  const parsed = parseDashboard(value)
  return parsed.ok ? [] : parsed.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
}

describe('a dashboard', () => {
  it('is taken with every kind of panel, variable and annotation', () => {
    const parsed = parseDashboard(sample)
    if (!parsed.ok) expect(parsed.issues).toEqual([])
    else expect(new Set(parsed.value.panels.map(({ type }) => type)).size).toBe(12)
  })

  it('needs a version, a uid and a title, and has defaults for the rest', () => {
    const parsed = parseDashboard(least)
    expect(parsed.ok && parsed.value).toMatchObject({
      timeRange: { from: 'now-6h', to: 'now' },
      refresh: 'auto',
      panels: [],
    })
  })

  it('names every unknown field at its place', () => {
    const panel = { type: 'stat', id: 1, grid: { x: 0, y: 0, w: 4, h: 4 }, unitt: 'bytes' }
    expect(complaints({ ...least, panels: [panel], titel: 'x' })).toEqual([
      'panels.0.unitt: "unitt" is not known here: did you mean "unit"?',
      'titel: "titel" is not known here: did you mean "title"?',
    ])
  })

  it('refuses keys that would reach into prototypes', () => {
    expect(complaints(JSON.parse('{"version":1,"uid":"a","title":"A","__proto__":{"x":1}}'))).toEqual([
      '__proto__: "__proto__" is not known here: expected $schema, version, uid, title, description, tags, timeRange, refresh, variables, annotations, links or panels.',
    ])
  })

  it('says where a panel does not fit, which ids are twice and which variable is missing', () => {
    const panel = (id: number, x: number) => ({
      type: 'text',
      id,
      grid: { x, y: 0, w: 12, h: 2 },
    })
    expect(complaints({ ...least, panels: [panel(1, 20)] })).toEqual([
      'panels.0.grid: expected x + w of at most 24: the panel reaches beyond the grid.',
    ])
    expect(complaints({ ...least, panels: [panel(1, 0), { ...panel(1, 12), repeat: { variable: 'host' } }] })).toEqual([
      'panels.1.id: expected ids to differ, came 1 twice.',
      'panels.1.repeat.variable: expected a variable of this board (none), came "host".',
    ])
  })

  it('takes no address that a browser would run', () => {
    const link = { title: 'x', url: 'javascript:alert(1)' }
    expect(complaints({ ...least, links: [link] })[0]).toMatch(/^links\.0\.url: expected an address with http/)
  })

  it.each([
    [undefined, 'version: expected 1, came nothing.'],
    ['1', 'version: expected 1, came "1".'],
    [2, 'version: expected at most 1, came 2: it was written by a newer Belfry.'],
  ])('refuses version %j', (version, message) => {
    expect(complaints({ ...least, version })).toEqual([message])
  })

  it.each([[null], [[]], ['board'], [7]])('refuses %j', (value) => {
    expect(complaints(value)[0]).toMatch(/^: expected a dashboard, came /)
  })

  it('knows a board of Grafana when it sees one', () => {
    expect(complaints({ title: 'Nodes', schemaVersion: 36, panels: [] })).toEqual([
      'version: expected 1, came nothing. This is a board of Grafana: import it.',
    ])
  })
})

describe('an older dashboard', () => {
  const steps = [
    { from: 1, change: (board: object) => ({ ...board, second: true }) },
    { from: 2, change: (board: object) => ({ ...board, third: true }) },
  ]

  it('goes through the steps in order', () => {
    const upgraded = upgradedDashboard({ version: 1 }, { current: 3, steps })
    expect(upgraded).toEqual({ ok: true, value: { version: 3, second: true, third: true } })
  })

  it('is refused where a step is missing', () => {
    const upgraded = upgradedDashboard({ version: 1 }, { current: 3, steps: steps.slice(1) })
    expect(upgraded).toMatchObject({ ok: false, issues: [{ message: 'expected 3; nothing is known of version 1.' }] })
  })
})
