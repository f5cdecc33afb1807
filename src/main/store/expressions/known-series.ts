/** What series are called, as the main loop told: once each, for it is told of labels only what is not known yet. */
import { compareLabels } from '#shared/domain/labels.ts'
import type { SeriesRow } from '../metrics/messages.ts'

export interface KnownSeries {
  learn(rows: readonly SeriesRow[]): void
  /** In the order of names and labels; null when some are not known. */
  inOrder(ids: Uint32Array): SeriesRow[] | null
}

export function createKnownSeries(): KnownSeries {
  const known = new Map<number, SeriesRow>()
  return {
    learn(rows) {
      for (const row of rows) known.set(row.id, row)
    },
    inOrder(ids) {
      const rows: SeriesRow[] = []
      for (const id of ids) {
        const row = known.get(id)
        if (!row) return null
        rows.push(row)
      }
      return rows.sort((a, b) => (a.name === b.name ? compareLabels(a.labels, b.labels) : a.name < b.name ? -1 : 1))
    },
  }
}
