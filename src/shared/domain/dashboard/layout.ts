/**
 * Where panels lie on the grid. Panels never overlap and fall upwards as far as they can; rows reach over the whole
 * width, so nothing falls past them. Positions in a board are those with every row open: what a closed row hides keeps
 * its place.
 */
import { type Grid, gridColumns, type Panel } from './panels.ts'

interface Placed {
  readonly grid: Grid
}
interface Named extends Placed {
  readonly id: number
}

export const overlaps = (a: Grid, b: Grid) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h

const byPlace = (a: Placed, b: Placed) => a.grid.y - b.grid.y || a.grid.x - b.grid.x

/** In reading order, each as high as those above it allow. Panels that overlapped come one below the other. */
export function compacted<P extends Placed>(panels: readonly P[]): P[] {
  const floor = new Array<number>(gridColumns).fill(0)
  const fallen = panels.toSorted(byPlace).map((panel) => {
    const grid = { ...panel.grid, y: heightAt(floor, panel.grid) }
    raise(floor, grid)
    return at(panel, grid)
  })
  return fallen.sort(byPlace)
}

/** The same panels with that one at another place; what is in its way moves down. Unknown ids change nothing. */
export function moved<P extends Named>(
  panels: readonly P[],
  id: number,
  to: { readonly x: number; readonly y: number },
): P[] {
  const panel = panels.find((one) => one.id === id)
  if (!panel) return [...panels]
  return withPriority(panels, at(panel, fitted({ ...panel.grid, x: to.x, y: to.y })))
}

/** The same panels with that one of another size; what is in its way moves down. */
export function resized<P extends Named>(
  panels: readonly P[],
  id: number,
  to: { readonly w: number; readonly h: number },
): P[] {
  const panel = panels.find((one) => one.id === id)
  if (!panel) return [...panels]
  const w = Math.min(Math.max(1, Math.round(to.w)), gridColumns - panel.grid.x)
  return withPriority(panels, at(panel, { ...panel.grid, w, h: Math.max(1, Math.round(to.h)) }))
}

/** The first place, in reading order, where a panel of that size lies free; below everything where there is no other. */
export function freePlace(panels: readonly Placed[], size: { readonly w: number; readonly h: number }): Grid {
  const w = Math.min(Math.max(1, size.w), gridColumns)
  const rows = [...new Set([0, ...panels.map(({ grid }) => grid.y + grid.h)])].sort((a, b) => a - b)
  for (const y of rows) {
    for (let x = 0; x + w <= gridColumns; x++) {
      const place = { x, y, w, h: size.h }
      if (panels.every(({ grid }) => !overlaps(grid, place))) return place
    }
  }
  return { x: 0, y: rows.at(-1) ?? 0, w, h: size.h }
}

/** One more than the highest. */
export function freeId(panels: readonly Pick<Named, 'id'>[]): number {
  return panels.reduce((most, { id }) => Math.max(most, id), 0) + 1
}

/** A row with what it heads; `row` null: what lies above the first. */
export interface Section {
  readonly row: Extract<Panel, { type: 'row' }> | null
  readonly panels: readonly Panel[]
}

export function sectionsOf(panels: readonly Panel[]): Section[] {
  const sections: { row: Section['row']; panels: Panel[] }[] = [{ row: null, panels: [] }]
  for (const panel of panels.toSorted(byPlace)) {
    if (panel.type === 'row') sections.push({ row: panel, panels: [] })
    else sections.at(-1)?.panels.push(panel)
  }
  return sections
}

/** What is seen while those rows are closed, moved up over what is not. */
export function shownPanels(panels: readonly Panel[], isClosed: (row: Panel) => boolean): Panel[] {
  const shown = sectionsOf(panels).flatMap((section) => {
    if (section.row === null) return section.panels
    return isClosed(section.row) ? [section.row] : [section.row, ...section.panels]
  })
  return compacted(shown)
}

/** The opposite: the whole board, from `shown` as it was arranged while rows were closed. */
export function withHidden(shown: readonly Panel[], panels: readonly Panel[]): Panel[] {
  const seen = new Set(shown.map(({ id }) => id))
  const hidden = new Map(
    sectionsOf(panels).flatMap(({ row, panels: its }) => {
      const missing = its.filter(({ id }) => !seen.has(id))
      return row !== null && missing.length > 0 ? [[row.id, missing] as const] : []
    }),
  )
  let shift = 0
  return shown.toSorted(byPlace).flatMap((panel) => {
    const here = at(panel, { ...panel.grid, y: panel.grid.y + shift })
    const its = hidden.get(panel.id)
    if (!its) return [here]
    const top = Math.min(...its.map(({ grid }) => grid.y))
    const start = here.grid.y + here.grid.h
    shift += Math.max(...its.map(({ grid }) => grid.y + grid.h)) - top
    return [here, ...its.map((one) => at(one, { ...one.grid, y: one.grid.y - top + start }))]
  })
}

/** A row with all that it heads, in front of another section; `before` counts sections, the one without a row first. */
export function movedSection(panels: readonly Panel[], rowId: number, before: number): Panel[] {
  const sections = sectionsOf(panels)
  const from = sections.findIndex(({ row }) => row?.id === rowId)
  const section = sections[from]
  if (!section) return [...panels]
  const rest = sections.filter((one) => one !== section)
  const to = Math.min(Math.max(1, before > from ? before - 1 : before), rest.length)
  let top = 0
  return [...rest.slice(0, to), section, ...rest.slice(to)].flatMap(({ row, panels: its }) => {
    const all = row === null ? its : [row, ...its]
    const start = Math.min(...all.map(({ grid }) => grid.y))
    const placed = all.map((one) => at(one, { ...one.grid, y: one.grid.y - start + top }))
    top = placed.reduce((bottom, { grid }) => Math.max(bottom, grid.y + grid.h), top)
    return placed
  })
}

/** The others fall around `first`, which keeps its place until all have one. */
function withPriority<P extends Named>(panels: readonly P[], first: P): P[] {
  const floor = new Array<number>(gridColumns).fill(0)
  const others = panels
    .filter(({ id }) => id !== first.id)
    .toSorted(byPlace)
    .map((panel) => {
      const free = { ...panel.grid, y: Math.max(panel.grid.y, heightAt(floor, panel.grid)) }
      const grid = overlaps(free, first.grid) ? { ...free, y: first.grid.y + first.grid.h } : free
      raise(floor, grid)
      return at(panel, grid)
    })
  return compacted([...others, first])
}

function fitted({ x, y, w, h }: Grid): Grid {
  return { x: Math.min(Math.max(0, Math.round(x)), gridColumns - w), y: Math.max(0, Math.round(y)), w, h }
}

const at = <P extends Placed>(panel: P, grid: Grid): P => ({ ...panel, grid })

/** How high the columns below a panel are filled. */
function heightAt(floor: readonly number[], { x, w }: Grid): number {
  return Math.max(0, ...floor.slice(x, x + w))
}

function raise(floor: number[], { x, y, w, h }: Grid): void {
  floor.fill(y + h, x, x + w)
}
