/** What a panel shows as a table of text, for spreadsheets: a row for each instant, a column for each series. Pure. */
import { csvLine } from '#shared/domain/csv.ts'
import type { Frames } from './panel-frames.ts'

/** With its header; instants in UTC. What was not observed is empty. */
export function panelCsv({ times, frames }: Frames): string {
  const header = csvLine(['time', ...frames.map(({ name }) => name)])
  // Numbers are no formulas, so they go in as they are: below zero, an apostrophe would make a text of them.
  const rows = times.map((at, step) =>
    [new Date(at).toISOString(), ...frames.map(({ values }) => values[step] ?? '')].join(','),
  )
  return `${[header, ...rows].join('\r\n')}\r\n`
}
