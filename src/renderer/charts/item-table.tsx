import { type DataColumn, DataTable } from './data-table.tsx'
import type { ReadItem } from './read-value.ts'
import { ReadingMark, stateWord } from './reading-mark.tsx'

/** The same numbers without a picture. */
export function ItemTable({ title, items }: { readonly title: string; readonly items: readonly ReadItem[] }) {
  return <DataTable label={title} rows={items} columns={columns} height="100%" />
}

const columns: readonly DataColumn<ReadItem>[] = [
  { id: 'name', title: 'Name', text: ({ label }) => label },
  {
    id: 'state',
    title: 'State',
    text: ({ state }) => stateWord(state),
    draw: ({ state }) => (
      <>
        <ReadingMark state={state} /> {stateWord(state)}
      </>
    ),
  },
  { id: 'value', title: 'Value', text: ({ text }) => text, number: ({ value }) => value },
]
