/** The answers of several queries as one table: a line for each set of labels, a column for each label and each query. */
import { compareLabels } from '../labels.ts'
import type { Labels } from '../series.ts'
import type { Panel } from './panels.ts'
import { reduceSeries } from './reduce.ts'

type TablePanel = Extract<Panel, { type: 'table' }>

export interface TableInput {
  readonly refId: string
  readonly series: readonly { readonly labels: Labels; readonly values: readonly (number | null)[] }[]
}

export interface TableColumn {
  /** A label's name, or `Value`, or `Value #A` where several queries are asked. */
  readonly name: string
  readonly title: string
  /** The query whose numbers stand here; null: a label. */
  readonly refId: string | null
}

export interface BoardTable {
  readonly columns: readonly TableColumn[]
  /** One cell a column; numbers are null where a query has none of these labels. */
  readonly rows: readonly (readonly (string | number | null)[])[]
}

/** Lines are sorted as the panel says, else by their labels; what has no number comes last. */
export function boardTable(
  panel: Pick<TablePanel, 'columns' | 'sort' | 'reduce'>,
  answers: readonly TableInput[],
): BoardTable {
  const lines = new Map<string, { labels: Labels; values: Map<string, number | null> }>()
  for (const { refId, series } of answers) {
    for (const { labels: all, values } of series) {
      const { __name__: _, ...labels } = all
      const key = JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)))
      const line = lines.get(key) ?? { labels, values: new Map() }
      line.values.set(refId, reduceSeries(values, panel.reduce))
      lines.set(key, line)
    }
  }
  const columns = columnsOf(
    panel,
    [...lines.values()].map(({ labels }) => labels),
    answers,
  )
  const ordered = [...lines.values()].sort((a, b) => compareLabels(sortedLabels(a.labels), sortedLabels(b.labels)))
  const rows = ordered.map(({ labels, values }) =>
    columns.map(({ name, refId }) => (refId === null ? (labels[name] ?? '') : (values.get(refId) ?? null))),
  )
  const by = columns.findIndex(({ name, title }) => name === panel.sort?.column || title === panel.sort?.column)
  if (panel.sort !== null && by >= 0) rows.sort(comparing(by, panel.sort.isDescending))
  return { columns, rows }
}

function columnsOf(
  { columns }: Pick<TablePanel, 'columns'>,
  labels: readonly Labels[],
  answers: readonly TableInput[],
): TableColumn[] {
  const names = [...new Set(labels.flatMap(Object.keys))].sort()
  const values = answers.map(({ refId }) => ({ name: answers.length === 1 ? 'Value' : `Value #${refId}`, refId }))
  const all = [...names.map((name) => ({ name, refId: null })), ...values]
  const said = new Map(columns.map((column, index) => [column.name, { ...column, index }]))
  const kept = all.filter(({ name }) => said.get(name)?.isHidden !== true)
  const placeOf = (name: string) => said.get(name)?.index ?? Number.MAX_SAFE_INTEGER
  return kept
    .sort((a, b) => placeOf(a.name) - placeOf(b.name))
    .map(({ name, refId }) => ({ name, refId, title: said.get(name)?.title || name }))
}

function sortedLabels(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function comparing(column: number, isDescending: boolean) {
  const sign = isDescending ? -1 : 1
  return (a: readonly (string | number | null)[], b: readonly (string | number | null)[]): number => {
    const [one, other] = [a[column] ?? null, b[column] ?? null]
    const [isOne, isOther] = [isNumber(one), isNumber(other)]
    if (isOne && isOther) return sign * (Number(one) - Number(other))
    if (isOne !== isOther) return isOne ? -1 : 1
    return sign * String(one ?? '').localeCompare(String(other ?? ''), 'en', { numeric: true })
  }
}

const isNumber = (cell: string | number | null) => typeof cell === 'number' && !Number.isNaN(cell)
