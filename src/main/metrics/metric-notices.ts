/** What the sample store tells the operator about itself. Each is raised once; writing again withdraws its notice. */
import type { Notices } from '../notices.ts'
import type { CardinalityLimits, Refusal } from './cardinality.ts'

export interface MetricNotices {
  setAside(setAside: { readonly path: string | null; readonly adoptedDays: number }): void
  damage(reports: readonly string[]): void
  /** Once for all together and once for each target: the first series refused stands for those after it. */
  cardinality(name: string, refusal: Refusal, limits: CardinalityLimits): void
  unwritable(error: unknown): void
  writable(): void
}

export function createMetricNotices(notices: Notices): MetricNotices {
  let isUnwritable = false
  const toldOf = new Set<string>()
  return {
    setAside({ path, adoptedDays }) {
      const found =
        path === null
          ? 'metrics.db is missing, and a new one was begun.'
          : `metrics.db is damaged. It was kept as ${path} and a new one was begun.`
      notices.raise({
        id: 'metrics.setAside',
        level: 'error',
        title: 'The newest samples could not be read',
        message: `${found} Days of history found beside it and shown: ${adoptedDays}; the hours since the last of them are missing. Check the disk.`,
      })
    },
    damage(reports) {
      if (reports.length === 0) return
      notices.raise({
        id: 'metrics.damage',
        level: 'error',
        title: 'Some samples could not be read',
        message: `${reports.join(' ')} Everything else is shown.`,
      })
    },
    cardinality(name, refusal, { total, perTarget }) {
      const id = refusal.of === 'total' ? 'metrics.cardinality' : `metrics.cardinality.${refusal.target}`
      if (toldOf.has(id)) return
      toldOf.add(id)
      const full =
        refusal.of === 'total' ? `${total} series are active` : `${perTarget} series of ${refusal.target} are active`
      notices.raise({
        id,
        level: 'warning',
        title: refusal.of === 'total' ? 'New series are refused' : 'New series of a target are refused',
        message: `${full}, which is the limit; ${name} and others are not stored. Look for a label with ever new values.`,
      })
    },
    unwritable(error) {
      isUnwritable = true
      const reason = error instanceof Error ? error.message : String(error)
      notices.raise({
        id: 'metrics.unwritable',
        level: 'error',
        title: 'Samples cannot be written',
        message: `${reason} They are kept in memory and written when that works again.`,
      })
    },
    writable() {
      if (isUnwritable) notices.withdraw('metrics.unwritable')
      isUnwritable = false
    },
  }
}
