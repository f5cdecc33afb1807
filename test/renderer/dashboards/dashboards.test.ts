import { describe, expect, it } from 'vitest'
import { AppError } from '#shared/contract/errors.ts'
import { Dashboard } from '#shared/domain/dashboard/dashboard.ts'
import { type DataPanel, Panel } from '#shared/domain/dashboard/panels.ts'
import { emptyBoard, uidOf, withExpressions } from '../../../src/renderer/features/dashboards/board-from.ts'
import { beginHistory, changed, redone, undone } from '../../../src/renderer/features/dashboards/board-history.ts'
import { newPanel, turnedInto } from '../../../src/renderer/features/dashboards/new-panel.ts'
import { panelCsv } from '../../../src/renderer/features/dashboards/panel-csv.ts'
import { framesOf, itemsOf, meaningfulStretches } from '../../../src/renderer/features/dashboards/panel-frames.ts'
import { panelKinds } from '../../../src/renderer/features/dashboards/panel-kinds.ts'
import { tableOf } from '../../../src/renderer/features/dashboards/table-rows.ts'
import { choiceQuery, chosenIn } from '../../../src/renderer/features/dashboards/use-variables.ts'
import { checkedText, problemsInText } from '../../../src/renderer/features/dashboards/variables-in-expressions.ts'

type Answers = Parameters<typeof framesOf>[1]
const stats = { samples: 1, durationMs: 1 }
const range = (
  stepMs: number,
  times: number[],
  series: { labels: Record<string, string>; values: (number | 'NaN' | null)[] }[],
) =>
  ({
    kind: 'range',
    answer: { resultType: 'matrix', tier: 'raw', stepMs, times, series, warnings: [], stats },
  }) as Answers[number]
const panel = <T extends DataPanel['type']>(type: T, rest: object = {}) =>
  // Parsed with the schema of all panels, of the type that was asked for.
  Panel.parse({
    type,
    id: 1,
    grid: { x: 0, y: 0, w: 6, h: 6 },
    targets: [
      { refId: 'A', expr: 'a' },
      { refId: 'B', expr: 'b' },
    ],
    ...rest,
  }) as Extract<DataPanel, { type: T }>

describe('what a panel shows', () => {
  it('has the answers of all its queries on common times, with gaps where one has no step', () => {
    const frames = framesOf(
      panel('timeseries'),
      [
        range(10, [0, 10, 20, 30], [{ labels: { i: 'x' }, values: [1, 2, 3, 4] }]),
        range(20, [0, 20], [{ labels: { i: 'y' }, values: [5, null] }]),
      ],
      new Map(),
    )
    expect(frames.times).toEqual([0, 20])
    expect(frames.frames.map(({ name, values }) => [name, values])).toEqual([
      ['x', [1, 3]],
      ['y', [5, null]],
    ])
  })

  it('keeps what was answered beside what failed', () => {
    const frames = framesOf(
      panel('timeseries'),
      [
        { kind: 'failed', failure: new AppError('invalid', '1:3: no such function') },
        range(10, [0], [{ labels: {}, values: [1] }]),
      ],
      new Map(),
    )
    expect(frames.problems).toEqual(['A: 1:3: no such function'])
    expect(frames.frames).toHaveLength(1)
  })

  it('leaves out what an override hides and renames what it renames', () => {
    const overrides = [
      { match: { by: 'name', value: 'x' }, set: { isHidden: true } },
      { match: { by: 'regex', value: 'y' }, set: { displayName: 'Why' } },
    ]
    const frames = framesOf(
      panel('timeseries', { overrides }),
      [
        range(
          10,
          [0],
          [
            { labels: { i: 'x' }, values: [1] },
            { labels: { i: 'y' }, values: [2] },
          ],
        ),
      ],
      new Map(),
    )
    expect(frames.frames.map(({ name }) => name)).toEqual(['Why'])
  })

  it('is read with its unit and its thresholds', () => {
    const gauge = panel('gauge', { unit: 'ratio', thresholds: { steps: [{ value: 0.9, state: 'down' }] } })
    const items = itemsOf(
      framesOf(gauge, [range(10, [0, 10], [{ labels: {}, values: [0.5, 0.95] }])], new Map()),
      'last',
    )
    expect(items[0]).toMatchObject({ text: '95.0 %', state: 'down', share: 0.95 })
    expect(meaningfulStretches(gauge, 1)).toEqual([{ from: 0.9, to: Number.POSITIVE_INFINITY, token: '--down' }])
  })

  it('has per cent thresholds between its ends', () => {
    const gauge = panel('gauge', {
      min: 0,
      max: 50,
      thresholds: { mode: 'percent', base: 'up', steps: [{ value: 80, state: 'down' }] },
    })
    expect(meaningfulStretches(gauge, 50)).toEqual([
      { from: Number.NEGATIVE_INFINITY, to: 40, token: '--up' },
      { from: 40, to: Number.POSITIVE_INFINITY, token: '--down' },
    ])
  })

  it('joins queries in a table by their labels', () => {
    const table = panel('table', {
      columns: [
        { name: 'i', title: 'Which' },
        { name: 'Value #B', title: 'Out' },
      ],
    })
    const frames = framesOf(
      table,
      [
        range(
          10,
          [0],
          [
            { labels: { __name__: 'in', i: 'x' }, values: [1] },
            { labels: { __name__: 'in', i: 'y' }, values: [2] },
          ],
        ),
        range(10, [0], [{ labels: { __name__: 'out', i: 'x' }, values: [3] }]),
      ],
      new Map(),
    )
    const { rows, columns } = tableOf(table, frames)
    expect(columns.map(({ title }) => title)).toEqual(['Which', 'Out', 'Value #A'])
    expect(
      rows.map(({ labels, cells }) => [labels['i'], cells.get('Value #A')?.value, cells.get('Value #B')?.value]),
    ).toEqual([
      ['x', 1, 3],
      ['y', 2, undefined],
    ])
  })

  it('is written as a table of text, names that begin like formulas as text, numbers as numbers', () => {
    const frames = framesOf(
      panel('timeseries'),
      [
        range(
          1000,
          [0, 1000],
          [
            { labels: { i: '=1+1' }, values: [-1.5, null] },
            { labels: { i: 'b,c' }, values: [1, 'NaN'] },
          ],
        ),
      ],
      new Map(),
    )
    expect(panelCsv(frames)).toBe(
      'time,\'=1+1,"b,c"\r\n1970-01-01T00:00:00.000Z,-1.5,1\r\n1970-01-01T00:00:01.000Z,,NaN\r\n',
    )
  })
})

describe('a board that is changed', () => {
  const board = emptyBoard('One')
  const titled = (title: string) => ({ ...board, title })

  it('goes back and forth, and forgets what was taken back once it is changed otherwise', () => {
    const two = changed(beginHistory(board), titled('Two'))
    const three = changed(two, titled('Three'))
    expect(undone(three).board.title).toBe('Two')
    expect(redone(undone(three)).board.title).toBe('Three')
    expect(redone(changed(undone(three), titled('Four'))).board.title).toBe('Four')
    expect(undone(beginHistory(board)).board).toBe(board)
  })

  it('takes typing into one field back at once', () => {
    const typed = ['T', 'Tw', 'Two'].reduce((all, title) => changed(all, titled(title), 'panel 1'), beginHistory(board))
    expect(undone(typed).board.title).toBe('One')
  })

  it('becomes another kind of panel with all that both know', () => {
    const series = Panel.parse({
      type: 'timeseries',
      id: 4,
      title: 'Load',
      grid: { x: 1, y: 2, w: 3, h: 4 },
      unit: 'bytes',
      targets: [{ refId: 'A', expr: 'node_load1' }],
      thresholds: { steps: [{ value: 1, state: 'down' }] },
    })
    const stat = turnedInto(series, 'stat')
    expect(stat).toMatchObject({ type: 'stat', id: 4, title: 'Load', unit: 'bytes', targets: [{ expr: 'node_load1' }] })
    for (const { type } of panelKinds) {
      expect(turnedInto(stat, type)).toMatchObject({ type, id: 4, title: 'Load', grid: { x: 1, y: 2, w: 3, h: 4 } })
    }
  })

  it('begins with every kind of panel', () => {
    for (const { type } of panelKinds) {
      const fresh = newPanel(type, 1, { x: 0, y: 0, w: 12, h: 8 })
      expect(Dashboard.safeParse({ ...board, panels: [fresh] }).success).toBe(true)
    }
  })

  it('takes expressions from elsewhere as a panel at the first free place', () => {
    const one = withExpressions(withExpressions(board, ['a', 'b']), ['c'])
    expect(one.panels.map(({ id, grid }) => [id, grid.x, grid.y])).toEqual([
      [1, 0, 0],
      [2, 12, 0],
    ])
    expect(one.panels[0]).toMatchObject({
      targets: [
        { refId: 'A', expr: 'a' },
        { refId: 'B', expr: 'b' },
      ],
    })
  })

  it('is named in its address by its title', () => {
    expect(uidOf('Größe & Möbel: Überblick!')).toBe('grosse-mobel-uberblick')
    expect(uidOf('日本')).toBe('dashboard')
  })
})

describe('what is chosen of variables', () => {
  it('goes through the address and back', () => {
    for (const values of [['a'], ['a', 'b,c'], ['[x]'], ['$__all']]) {
      const query = new URLSearchParams()
      for (const [name, text] of Object.entries(choiceQuery('x', values))) if (text) query.set(name, text)
      expect(chosenIn(query)['x']).toEqual(values)
    }
    expect(chosenIn(new URLSearchParams('var-a=[broken&view=3'))).toEqual({ a: ['[broken'] })
  })
})

describe('an expression with variables', () => {
  it('is judged with something that is PromQL in their places, problems where they are written', () => {
    const expr = 'rate(up{job=~"$job"}[$__rate_interval]) + oops('
    const { text, shifts } = checkedText(expr)
    expect(text).toBe('rate(up{job=~"v___"}[5m]) + oops(')
    const at = text.indexOf('oops')
    const [problem] = problemsInText({ text, shifts }, [{ message: 'x', from: at, to: at + 4 }])
    expect(expr.slice(problem?.from, problem?.to)).toBe('oops')
    const before = text.indexOf('up{')
    expect(problemsInText({ text, shifts }, [{ message: 'x', from: before, to: before + 2 }])[0]?.from).toBe(
      expr.indexOf('up{'),
    )
  })
})
