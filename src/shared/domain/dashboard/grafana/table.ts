/** The columns of a table, from the transformations and overrides that name, hide and order them. */
import type { z } from 'zod'
import type { Panel } from '../panels.ts'
import { clipped, field, has, isSet, listIn, numberIn, textIn } from './fields.ts'
import type { Complaints } from './not-taken.ts'

type TableInput = Extract<z.input<typeof Panel>, { type: 'table' }>
type Columns = NonNullable<TableInput['columns']>
type Sort = NonNullable<TableInput['sort']>

export function columnsOf(panel: unknown, complain: Complaints): { columns: Columns; sort: Sort | null } {
  const titles = new Map<string, string>()
  const hidden = new Set<string>()
  const places = new Map<string, number>()
  let sort = sortOf(panel)
  for (const transformation of listIn(panel, 'transformations')) {
    if (isSet(transformation, 'disabled')) continue
    const options = field(transformation, 'options')
    switch (textIn(transformation, 'id')) {
      case 'organize':
        for (const [name, title] of entriesIn(options, 'renameByName')) {
          if (typeof title === 'string' && title !== '') titles.set(name, title)
        }
        for (const [name, isOut] of entriesIn(options, 'excludeByName')) if (isOut === true) hidden.add(name)
        for (const [name, place] of entriesIn(options, 'indexByName')) {
          const at = numberIn({ place }, 'place')
          if (at !== null) places.set(name, at)
        }
        break
      case 'sortBy': {
        const [first] = listIn(options, 'sort')
        if (first !== undefined) sort = { column: textIn(first, 'field'), isDescending: isSet(first, 'desc') }
        break
      }
      case 'filterFieldsByName':
        if (has(options, 'include', 'pattern'))
          complain.not('transformation filterFieldsByName', 'Columns are named one by one.')
        break
    }
  }
  for (const override of listIn(panel, 'fieldConfig', 'overrides')) {
    if (textIn(override, 'matcher', 'id') !== 'byName') continue
    const name = textIn(override, 'matcher', 'options')
    for (const property of listIn(override, 'properties')) {
      const value = field(property, 'value')
      if (textIn(property, 'id') === 'displayName' && typeof value === 'string') titles.set(name, value)
      if (textIn(property, 'id') === 'custom.hidden' && value === true) hidden.add(name)
    }
  }
  // The instant of an answer is the same in every line: it is no column here.
  hidden.delete('Time')
  const names = [...new Set([...titles.keys(), ...hidden, ...places.keys()])].filter((name) => name !== 'Time')
  const placed = names.toSorted((a, b) => (places.get(a) ?? Number.MAX_VALUE) - (places.get(b) ?? Number.MAX_VALUE))
  const columns = placed.slice(0, 100).map((name) => ({
    name: clipped(name, 200),
    title: clipped(titles.get(name) ?? '', 200),
    isHidden: hidden.has(name),
  }))
  return { columns, sort: namedSort(sort, titles) }
}

function sortOf(panel: unknown): Sort | null {
  const [first] = listIn(panel, 'options', 'sortBy')
  const column = textIn(first, 'displayName')
  return column === '' ? null : { column, isDescending: isSet(first, 'desc') }
}

/** Grafana sorts by the title of a column, and here it is the column's own name. */
function namedSort(sort: Sort | null, titles: ReadonlyMap<string, string>): Sort | null {
  if (sort === null || sort.column === '' || sort.column === 'Time') return null
  const named = [...titles].find(([, title]) => title === sort.column)?.[0] ?? sort.column
  return { ...sort, column: clipped(named, 200) }
}

function entriesIn(options: unknown, name: string): [string, unknown][] {
  const found = field(options, name)
  return typeof found === 'object' && found !== null ? Object.entries(found) : []
}
