/**
 * Brings the JSON of a dashboard of an older version to the present one, step by step, as configurations are brought
 * (config/upgrade.ts). There is only one version yet, hence no step.
 */
import { described, type Explained, type ExplainedParse, explainedParse } from '../../config/explain.ts'
import { Dashboard, dashboardVersion } from './dashboard.ts'

type Fields = Readonly<Record<string, unknown>>

export interface DashboardStep {
  /** The version that it brings to the next. */
  readonly from: number
  change(board: Fields): Fields
}

/** The version that is read, and the steps that lead to it. */
export interface DashboardVersions {
  readonly current: number
  readonly steps: readonly DashboardStep[]
}

/** Steps that have landed are never edited: files in the field have been through them. */
const dashboardVersions: DashboardVersions = { current: dashboardVersion, steps: [] }

/** A dashboard from parsed JSON of any known version; or every single thing that is wrong with it. */
export function parseDashboard(value: unknown): ExplainedParse<Dashboard> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refused([], `expected a dashboard, came ${described(value)}.`)
  }
  const upgraded = upgradedDashboard(value, dashboardVersions)
  return upgraded.ok ? explainedParse(Dashboard, upgraded.value) : upgraded
}

/** The same board in the present version, its fields not judged otherwise. */
export function upgradedDashboard(
  board: object,
  { current, steps }: DashboardVersions,
): { readonly ok: true; readonly value: Fields } | { readonly ok: false; readonly issues: readonly Explained[] } {
  let fields: Fields = { ...board }
  const version = fields['version']
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) {
    const hint = 'panels' in fields && 'schemaVersion' in fields ? ' This is a board of Grafana: import it.' : ''
    return refused(['version'], `expected ${current}, came ${described(version)}.${hint}`)
  }
  if (version > current) {
    return refused(['version'], `expected at most ${current}, came ${version}: it was written by a newer Belfry.`)
  }
  for (let at = version; at < current; at++) {
    const step = steps.find(({ from }) => from === at)
    if (!step) return refused(['version'], `expected ${current}; nothing is known of version ${at}.`)
    fields = { ...step.change(fields), version: at + 1 }
  }
  return { ok: true, value: fields }
}

function refused(path: Explained['path'], message: string): { ok: false; issues: Explained[] } {
  return { ok: false, issues: [{ path, message }] }
}
