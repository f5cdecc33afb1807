import { expect, it } from 'vitest'
import { Panel } from '#shared/domain/dashboard/panels.ts'
import { boardTable } from '#shared/domain/dashboard/table.ts'

const panelOf = (more: object) => {
  const panel = Panel.parse({ type: 'table', id: 1, grid: { x: 0, y: 0, w: 12, h: 8 }, ...more })
  if (panel.type !== 'table') throw new Error('expected a table')
  return panel
}
const series = (labels: Record<string, string>, ...values: (number | null)[]) => ({ labels, values })

it('joins queries by their labels, the metric left out', () => {
  const table = boardTable(panelOf({}), [
    { refId: 'A', series: [series({ __name__: 'used', disk: 'b' }, 1, 5), series({ __name__: 'used', disk: 'a' }, 7)] },
    { refId: 'B', series: [series({ __name__: 'size', disk: 'a' }, 10)] },
  ])
  expect(table.columns.map(({ title }) => title)).toEqual(['disk', 'Value #A', 'Value #B'])
  expect(table.rows).toEqual([
    ['a', 7, 10],
    ['b', 5, null],
  ])
})

it('names, orders, hides and sorts as the panel says; what has no number comes last', () => {
  const columns = [
    { name: 'Value', title: 'Used' },
    { name: 'disk', title: 'Disk' },
    { name: 'host', isHidden: true },
  ]
  const all = [
    series({ disk: 'a', host: 'x' }, 1),
    series({ disk: 'b', host: 'x' }, null),
    series({ disk: 'c', host: 'x' }, 3),
    series({ disk: 'd', host: 'x' }, Number.NaN),
  ]
  const sorted = (sort: object) => boardTable(panelOf({ columns, sort }), [{ refId: 'A', series: all }])
  expect(sorted({ column: 'Value' }).columns.map(({ title }) => title)).toEqual(['Used', 'Disk'])
  expect(sorted({ column: 'Value' }).rows.map(([, disk]) => disk)).toEqual(['c', 'a', 'b', 'd'])
  expect(sorted({ column: 'Used', isDescending: false }).rows.map(([, disk]) => disk)).toEqual(['a', 'c', 'b', 'd'])
  expect(sorted({ column: 'disk', isDescending: true }).rows.map(([, disk]) => disk)).toEqual(['d', 'c', 'b', 'a'])
})

it('is empty where nothing was answered', () => {
  expect(boardTable(panelOf({}), [{ refId: 'A', series: [] }])).toMatchObject({ rows: [] })
})
