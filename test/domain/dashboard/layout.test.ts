import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { plainValue } from '#shared/domain/dashboard/interpolate.ts'
import {
  compacted,
  freeId,
  freePlace,
  moved,
  movedSection,
  overlaps,
  resized,
  sectionsOf,
  shownPanels,
  withHidden,
} from '#shared/domain/dashboard/layout.ts'
import { gridColumns, Panel } from '#shared/domain/dashboard/panels.ts'
import { repeatedPanels } from '#shared/domain/dashboard/repeat.ts'

const grids = fc
  .record({ x: fc.nat(23), w: fc.integer({ min: 1, max: 24 }), y: fc.nat(30), h: fc.integer({ min: 1, max: 10 }) })
  .map(({ x, w, ...rest }) => ({ x, w: Math.min(w, gridColumns - x), ...rest }))
const boards = fc
  .array(fc.tuple(grids, fc.boolean()), { maxLength: 25 })
  .map((all) =>
    all.map(([grid, isRow], index) =>
      Panel.parse(
        isRow
          ? { type: 'row', id: index + 1, grid: { x: 0, y: grid.y, w: 24, h: 1 } }
          : { type: 'text', id: index + 1, grid },
      ),
    ),
  )

const text = (id: number, x: number, y: number, w: number, h: number, more: object = {}) =>
  Panel.parse({ type: 'text', id, grid: { x, y, w, h }, ...more })
const row = (id: number, y: number, more: object = {}) =>
  Panel.parse({ type: 'row', id, grid: { x: 0, y, w: 24, h: 1 }, ...more })
const places = (panels: readonly Panel[]) =>
  Object.fromEntries(panels.map(({ id, grid: { x, y, w, h } }) => [id, [x, y, w, h]]))

function expectTidy(panels: readonly Panel[]): void {
  for (const [i, a] of panels.entries()) {
    expect(a.grid.x + a.grid.w).toBeLessThanOrEqual(gridColumns)
    for (const b of panels.slice(i + 1)) expect(overlaps(a.grid, b.grid)).toBe(false)
    const higher = { ...a.grid, y: a.grid.y - 1 }
    const isHeld = higher.y < 0 || panels.some((b) => b !== a && overlaps(b.grid, higher))
    expect(isHeld).toBe(true)
  }
}
const ids = (panels: readonly Panel[]) => panels.map(({ id }) => id).toSorted((a, b) => a - b)

describe('a layout', () => {
  it('has no overlaps and no holes that a panel could fall into, and keeps every panel', () => {
    fc.assert(
      fc.property(boards, (panels) => {
        const tidy = compacted(panels)
        expectTidy(tidy)
        expect(ids(tidy)).toEqual(ids(panels))
        expect(compacted(tidy)).toEqual(tidy)
      }),
    )
  })

  it('stays so when a panel is moved or resized, wherever to', () => {
    fc.assert(
      fc.property(
        boards,
        fc.nat(24),
        fc.integer({ min: -5, max: 40 }),
        fc.integer({ min: -5, max: 40 }),
        (panels, pick, a, b) => {
          const id = panels[pick % Math.max(1, panels.length)]?.id ?? 1
          for (const changed of [moved(panels, id, { x: a, y: b }), resized(panels, id, { w: a, h: b })]) {
            if (panels.length > 0) expectTidy(changed)
            expect(ids(changed)).toEqual(ids(panels))
          }
        },
      ),
    )
  })

  it('lets others make room', () => {
    const panels = [text(1, 0, 0, 12, 4), text(2, 12, 0, 12, 4), text(3, 0, 4, 12, 4)]
    expect(places(moved(panels, 3, { x: 0, y: 0 }))).toEqual({ 1: [0, 4, 12, 4], 2: [12, 0, 12, 4], 3: [0, 0, 12, 4] })
    expect(places(resized(panels, 1, { w: 24, h: 2 }))).toEqual({
      1: [0, 0, 24, 2],
      2: [12, 2, 12, 4],
      3: [0, 2, 12, 4],
    })
  })

  it('finds the first free place, which is free', () => {
    expect(freePlace([text(1, 0, 0, 12, 4)], { w: 12, h: 8 })).toEqual({ x: 12, y: 0, w: 12, h: 8 })
    expect(freePlace([text(1, 0, 0, 13, 4)], { w: 12, h: 8 })).toEqual({ x: 0, y: 4, w: 12, h: 8 })
    expect(freeId([text(4, 0, 0, 1, 1)])).toBe(5)
    fc.assert(
      fc.property(boards, grids, (panels, { w, h }) => {
        const place = freePlace(panels, { w, h })
        for (const { grid } of panels) expect(overlaps(grid, place)).toBe(false)
      }),
    )
  })
})

describe('rows', () => {
  const board = [text(1, 0, 0, 24, 2), row(2, 2), text(3, 0, 3, 12, 4), row(4, 7), text(5, 0, 8, 12, 3)]

  it('head what lies below them', () => {
    expect(sectionsOf(board).map(({ row: head, panels }) => [head?.id ?? null, ids(panels)])).toEqual([
      [null, [1]],
      [2, [3]],
      [4, [5]],
    ])
  })

  it('hide it while they are closed, and what is below moves up', () => {
    const shown = shownPanels(board, ({ id }) => id === 2)
    expect(places(shown)).toEqual({ 1: [0, 0, 24, 2], 2: [0, 2, 24, 1], 4: [0, 3, 24, 1], 5: [0, 4, 12, 3] })
  })

  it('bring it back where it was', () => {
    fc.assert(
      fc.property(boards, fc.func(fc.boolean()), (panels, isClosed) => {
        const tidy = compacted(panels)
        const shown = shownPanels(tidy, ({ id }) => isClosed(id))
        expect(places(compacted(withHidden(shown, tidy)))).toEqual(places(tidy))
      }),
    )
  })

  it('take it with them when they are moved', () => {
    expect(places(movedSection(board, 4, 1))).toEqual({
      1: [0, 0, 24, 2],
      4: [0, 2, 24, 1],
      5: [0, 3, 12, 3],
      2: [0, 6, 24, 1],
      3: [0, 7, 12, 4],
    })
    expect(places(movedSection(board, 2, 3))).toEqual(places(movedSection(board, 4, 1)))
  })
})

describe('repeated panels', () => {
  const hosts = new Map([['host', { values: ['a', 'b', 'c'], texts: ['a', 'b', 'c'], isMulti: true, all: null }]])
  const shown = (panels: readonly Panel[], scope = hosts) =>
    repeatedPanels(panels, scope).map(({ key, panel: { grid }, scope: own }) => [
      key,
      grid.x,
      grid.y,
      grid.w,
      own.get('host')?.values[0] ?? null,
    ])

  it('stand beside each other and push down what is below', () => {
    const repeat = { variable: 'host', mostInRow: 2 }
    expect(shown([text(1, 0, 0, 6, 3, { repeat }), text(2, 0, 3, 6, 3)])).toEqual([
      ['1', 0, 0, 12, 'a'],
      ['1:1', 12, 0, 12, 'b'],
      ['1:2', 0, 3, 12, 'c'],
      ['2', 0, 6, 6, null],
    ])
  })

  it('stand below each other where that is asked for', () => {
    const repeat = { variable: 'host', direction: 'down' }
    expect(shown([text(1, 0, 0, 6, 3, { repeat }), text(2, 0, 3, 6, 3)])).toEqual([
      ['1', 0, 0, 6, 'a'],
      ['1:1', 0, 3, 6, 'b'],
      ['1:2', 0, 6, 6, 'c'],
      ['2', 0, 9, 6, null],
    ])
  })

  it('come with their whole row', () => {
    const board = [row(1, 0, { repeat: { variable: 'host' } }), text(2, 0, 1, 6, 3), row(3, 4), text(4, 0, 5, 6, 3)]
    expect(shown(board)).toEqual([
      ['1', 0, 0, 24, 'a'],
      ['2', 0, 1, 6, 'a'],
      ['1:1', 0, 4, 24, 'b'],
      ['2:1', 0, 5, 6, 'b'],
      ['1:2', 0, 8, 24, 'c'],
      ['2:2', 0, 9, 6, 'c'],
      ['3', 0, 12, 24, null],
      ['4', 0, 13, 6, null],
    ])
  })

  it('stand once where there is no value', () => {
    const repeat = { variable: 'host' }
    expect(shown([text(1, 0, 0, 6, 3, { repeat })], new Map())).toEqual([['1', 0, 0, 6, null]])
  })

  it('never overlap, and have keys of their own', () => {
    fc.assert(
      fc.property(boards, fc.func(fc.constantFrom(null, 'across', 'down')), fc.nat(7), (panels, direction, count) => {
        const values = Array.from({ length: count }, (_, i) => `v${i}`)
        const scope = new Map([['host', { ...plainValue(''), values, texts: values }]])
        const repeating = panels.map((panel) => {
          const asked = direction(panel.id)
          return asked === null
            ? panel
            : { ...panel, repeat: { variable: 'host', direction: asked, mostInRow: 4 } as const }
        })
        const all = repeatedPanels(repeating, scope)
        expect(new Set(all.map(({ key }) => key)).size).toBe(all.length)
        for (const [i, a] of all.entries()) {
          for (const b of all.slice(i + 1)) expect(overlaps(a.panel.grid, b.panel.grid)).toBe(false)
        }
      }),
    )
  })
})
