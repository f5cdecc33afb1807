/** Panels and rows that stand once for each chosen value of a variable. */
import { plainValue, type Scope } from './interpolate.ts'
import { compacted, sectionsOf } from './layout.ts'
import { type Grid, gridColumns, type Panel } from './panels.ts'

export interface ShownPanel {
  /** The panel's id as text; copies beyond the first have the number of their value behind it. */
  readonly key: string
  readonly panel: Panel
  /** What this copy alone knows: its value of the repeated variable. */
  readonly scope: Scope
}

/** Copies beyond this many are left out: a screen cannot hold them. */
const mostCopies = 100

/** All panels with their copies, in reading order. Without a value a panel stands once. What lies below moves down. */
export function repeatedPanels(panels: readonly Panel[], scope: Scope): ShownPanel[] {
  let top = 0
  return sectionsOf(panels).flatMap(({ row, panels: its }) =>
    (row === null ? [onlyOne] : copiesOf(row, scope)).flatMap((copy) => {
      const section = sectionCopy(row === null ? its : [row, ...its], copy, scope)
      const shown = section.map(({ grid, key, panel, scope: own }) => ({
        key,
        panel: { ...panel, grid: { ...grid, y: grid.y + top } },
        scope: own,
      }))
      top = shown.reduce((bottom, { panel: { grid } }) => Math.max(bottom, grid.y + grid.h), top)
      return shown
    }),
  )
}

interface Copy {
  /** Behind the panel's id; empty for the first. */
  readonly suffix: string
  readonly scope: Scope
}

const onlyOne: Copy = { suffix: '', scope: new Map() }

function copiesOf({ repeat }: Panel, scope: Scope): Copy[] {
  const chosen = repeat === null ? undefined : scope.get(repeat.variable)
  if (repeat === null || chosen === undefined || chosen.values.length === 0) return [onlyOne]
  return chosen.values.slice(0, mostCopies).map((value, index) => ({
    suffix: index === 0 ? '' : `:${index}`,
    scope: new Map([[repeat.variable, plainValue(value)]]),
  }))
}

/** The panels of a section with their copies, from the top of the grid on. */
function sectionCopy(all: readonly Panel[], copy: Copy, scope: Scope) {
  const inner = new Map([...scope, ...copy.scope])
  const growths: { below: number; by: number }[] = []
  const items = all.flatMap((panel) => {
    const shift = growths.reduce((sum, { below, by }) => (panel.grid.y >= below ? sum + by : sum), 0)
    // A row was repeated with its whole section.
    const copies = panel.type === 'row' ? [onlyOne] : copiesOf(panel, inner)
    const grids = gridsOf({ ...panel.grid, y: panel.grid.y + shift }, panel, copies.length)
    const grown = Math.max(...grids.map(({ y, h }) => y + h)) - panel.grid.y - shift - panel.grid.h
    if (grown > 0) growths.push({ below: panel.grid.y + panel.grid.h, by: grown })
    return copies.map((one, index) => ({
      key: `${panel.id}${copy.suffix}${one.suffix}`,
      panel,
      grid: grids[index] ?? panel.grid,
      scope: new Map([...copy.scope, ...one.scope]),
    }))
  })
  return compacted(items)
}

function gridsOf(grid: Grid, { repeat }: Panel, count: number): Grid[] {
  if (repeat === null || count === 1) return [grid]
  if (repeat.direction === 'down') {
    return Array.from({ length: count }, (_, index) => ({ ...grid, y: grid.y + index * grid.h }))
  }
  const inRow = Math.min(count, repeat.mostInRow)
  const w = Math.floor(gridColumns / inRow)
  return Array.from({ length: count }, (_, index) => ({
    x: (index % inRow) * w,
    y: grid.y + Math.floor(index / inRow) * grid.h,
    w,
    h: grid.h,
  }))
}
