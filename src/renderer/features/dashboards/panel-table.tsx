import { useMemo } from 'react'
import { interpolate, type Scope } from '#shared/domain/dashboard/interpolate.ts'
import type { DataPanel } from '#shared/domain/dashboard/panels.ts'
import type { PanelState } from '#shared/domain/dashboard/values.ts'
import { type DataColumn, DataTable } from '../../charts/data-table.tsx'
import { ReadingMark } from '../../charts/reading-mark.tsx'
import { cx } from '../../ui/class-names.ts'
import css from './board.module.css'
import type { Frames } from './panel-frames.ts'
import { type TableRow, tableOf } from './table-rows.ts'

type TablePanel = Extract<DataPanel, { type: 'table' }>

export function PanelTable({
  panel,
  frames,
  scope,
}: {
  readonly panel: TablePanel
  readonly frames: Frames
  readonly scope: Scope
}) {
  const { rows, columns } = useMemo(() => tableOf(panel, frames), [panel, frames])
  const shown = useMemo(
    () =>
      columns.map(({ name, title, isValue, widthPx }): DataColumn<TableRow> => {
        const heading = interpolate(title, scope)
        const width = widthPx === undefined ? {} : { widthPx }
        if (!isValue) return { id: name, title: heading, text: (row) => row.labels[name] ?? '', ...width }
        return {
          id: name,
          title: heading,
          text: (row) => row.cells.get(name)?.text ?? '',
          number: (row) => row.cells.get(name)?.value ?? null,
          draw: (row) => <ValueCell cell={row.cells.get(name)} colors={panel.colors} />,
          ...width,
        }
      }),
    [columns, scope, panel.colors],
  )
  return (
    <DataTable
      label={interpolate(panel.title, scope) || 'Table'}
      rows={rows}
      columns={shown}
      height="100%"
      initialSort={panel.sort}
    />
  )
}

function ValueCell({
  cell,
  colors,
}: {
  readonly cell: { readonly text: string; readonly state: PanelState } | undefined
  readonly colors: TablePanel['colors']
}) {
  if (!cell) return null
  return (
    <span className={cx(colors === 'background' && cell.state !== 'neutral' && css[`cell-${cell.state}`])}>
      {colors !== 'none' && <ReadingMark state={cell.state} />} {cell.text}
    </span>
  )
}
