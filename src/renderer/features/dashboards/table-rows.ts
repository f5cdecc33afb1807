/** Frames as rows and columns: targets joined by the labels they share. Pure. */
import type { DataPanel } from '#shared/domain/dashboard/panels.ts'
import { readValue } from '#shared/domain/dashboard/reading.ts'
import { reduceSeries } from '#shared/domain/dashboard/reduce.ts'
import type { PanelState } from '#shared/domain/dashboard/values.ts'
import type { Frames } from './panel-frames.ts'

export interface TableCell {
  readonly value: number | null
  readonly text: string
  readonly state: PanelState
}

export interface TableRow {
  readonly id: string
  readonly labels: Readonly<Record<string, string>>
  /** By the column's name, `Value` or `Value #A`. */
  readonly cells: ReadonlyMap<string, TableCell>
}

export interface TableColumn {
  readonly name: string
  readonly title: string
  readonly isValue: boolean
  readonly widthPx?: number
}

/** Columns that the panel lists come first, in its order; the others follow: labels by name, then numbers. */
export function tableOf(
  panel: Extract<DataPanel, { type: 'table' }>,
  { frames }: Frames,
): { readonly rows: readonly TableRow[]; readonly columns: readonly TableColumn[] } {
  const refIds = [...new Set(frames.map(({ refId }) => refId))]
  const valueName = (refId: string) => (refIds.length > 1 ? `Value #${refId}` : 'Value')
  const rows = new Map<string, { labels: Readonly<Record<string, string>>; cells: Map<string, TableCell> }>()
  for (const { labels: all, refId, values, options } of frames) {
    // The metric's name would keep what belongs together apart.
    const { __name__: name, ...rest } = all
    const labels = refIds.length > 1 || name === undefined ? rest : { ...rest, __name__: name }
    const key = JSON.stringify(Object.entries(labels).sort())
    const row = rows.get(key) ?? { labels, cells: new Map() }
    const value = reduceSeries(values, panel.reduce)
    row.cells.set(valueName(refId), { value, ...readValue(value, options) })
    rows.set(key, row)
  }
  const names = [...new Set([...rows.values()].flatMap(({ labels }) => Object.keys(labels)))].sort()
  const known = [
    ...names.map((name) => ({ name, isValue: false })),
    ...refIds.map((refId) => ({ name: valueName(refId), isValue: true })),
  ]
  const widths = new Map(frames.map(({ refId, options }) => [valueName(refId), options.widthPx]))
  const columnOf = ({ name, isValue }: { name: string; isValue: boolean }, title = ''): TableColumn => {
    const widthPx = widths.get(name)
    const heading = title || (name === '__name__' ? 'metric' : name)
    return { name, isValue, title: heading, ...(widthPx === undefined ? {} : { widthPx }) }
  }
  const listed = panel.columns.flatMap(({ name, title, isHidden }) => {
    const column = known.find((one) => one.name === name)
    return column && !isHidden ? [columnOf(column, title)] : []
  })
  const others = known.filter(({ name }) => !panel.columns.some((column) => column.name === name))
  return {
    rows: [...rows].map(([id, row]) => ({ id, ...row })),
    columns: [...listed, ...others.map((one) => columnOf(one))],
  }
}
