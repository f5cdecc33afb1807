/** The newest values of all series, sorted as one likes; long answers are drawn only as far as they are in sight. */
import { useMemo } from 'react'
import { type DataColumn, DataTable } from '../../charts/data-table.tsx'
import { type InstantAnswer, numberOf, seriesName } from '../../charts/query-answer.ts'
import { formatReading } from '../../charts/reading.ts'
import { type Question, useQueries } from '../../charts/use-queries.ts'
import { useRange } from '../../time-range/use-range.ts'
import { Panel } from '../../ui/panel.tsx'
import { Answer, EmptyState, StaleBadge } from '../../ui/placeholder.tsx'

const tableHeight = 360

interface ValueRow {
  readonly id: string
  readonly query: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number | null
  readonly text: string
}

export function ValuesTable({ expressions }: { readonly expressions: readonly string[] }) {
  const range = useRange()
  const questions = useMemo(() => expressions.map((expr): Question => ({ expr, mode: 'instant' })), [expressions])
  const answer = useQueries(questions, range, { points: 600 })
  const { rows, columns } = useMemo(() => {
    const rows = (answer.data ?? []).flatMap((one, index) =>
      one.kind === 'instant' ? rowsOf(one.answer, expressions.length > 1 ? (refIds[index] ?? '') : '') : [],
    )
    return { rows, columns: columnsOf(rows) }
  }, [answer.data, expressions])
  return (
    <Panel
      title="At the end of the range"
      isPadded={false}
      note={
        <>
          {rows.length === 1 ? 'one series' : `${rows.length} series`} <StaleBadge of={answer} />
        </>
      }
    >
      <Answer of={answer} what="The values">
        {() =>
          rows.length > 0 ? (
            <DataTable
              label="Values"
              rows={rows}
              columns={columns}
              height={Math.min(tableHeight, 34 + rows.length * 36)}
            />
          ) : (
            <EmptyState title="Nothing has a value at this instant" />
          )
        }
      </Answer>
    </Panel>
  )
}

const refIds = 'ABCDEF'

function rowsOf({ resultType, series, text }: InstantAnswer, query: string): ValueRow[] {
  if (resultType === 'string') return [{ id: `${query} text`, query, labels: {}, value: null, text: text ?? '' }]
  return series.map(({ labels, samples }) => {
    const newest = samples.at(-1)
    const value = newest ? numberOf(newest[1]) : null
    return { id: `${query} ${seriesName(labels)}`, query, labels, value, text: formatReading(value, 'none') }
  })
}

function columnsOf(rows: readonly ValueRow[]): readonly DataColumn<ValueRow>[] {
  const labels = [...new Set(rows.flatMap((row) => Object.keys(row.labels)))].sort((a, b) =>
    a === '__name__' ? -1 : b === '__name__' ? 1 : a < b ? -1 : 1,
  )
  return [
    ...(rows.some(({ query }) => query !== '')
      ? [{ id: '#query', title: 'Expression', text: (row: ValueRow) => row.query }]
      : []),
    ...labels.map((label) => ({
      id: label,
      title: label === '__name__' ? 'metric' : label,
      text: (row: ValueRow) => row.labels[label] ?? '',
    })),
    { id: '#value', title: 'Value', text: (row) => row.text, number: (row) => row.value },
  ]
}
