/** Lists of alerts: active ones from memory, worst and oldest first, then resolved ones from the store, newest first. */
import type { ResolvedQuestion } from '#main/store/families/alerts.ts'
import type { AlertState } from '#shared/contract/alerts.ts'
import type { Severity } from '#shared/contract/common.ts'
import { AppError } from '#shared/contract/errors.ts'
import { compareSeverity } from '#shared/domain/severity.ts'
import { type AlertRecord, stateOf } from './record.ts'

export interface AlertQuery {
  readonly states: readonly AlertState[]
  /** Empty: all. */
  readonly severities: readonly Severity[]
  /** `name=value`, all of which must hold. */
  readonly labels: readonly string[]
  /** Part of the rule's name or of a label's value, in any case. */
  readonly text: string
  readonly limit: number
  readonly cursor: string | null
}

/** Where a page begins: after so many active alerts, or before a resolved one. */
export type Position = { readonly active: number } | { readonly resolved: ResolvedQuestion['before'] }

export function parseCursor(cursor: string | null): Position {
  if (cursor === null) return { active: 0 }
  const active = /^a(\d{1,9})$/.exec(cursor)?.[1]
  if (active !== undefined) return { active: Number(active) }
  const resolved = /^r(\d{1,16}):(.{0,100})$/.exec(cursor)
  if (resolved) return { resolved: { at: Number(resolved[1]), id: resolved[2] ?? '' } }
  throw new AppError('invalid', 'expected a cursor from the page before')
}

export const activeCursor = (count: number) => `a${count}`
export const resolvedCursor = (at: number, id: string) => `r${at}:${id}`

/** Throws AppError `invalid` for a filter without `=`. */
export function labelFilters(labels: readonly string[]): [name: string, value: string][] {
  return labels.map((filter) => {
    const equals = filter.indexOf('=')
    if (equals <= 0) throw new AppError('invalid', `expected a label filter such as severity=critical, got "${filter}"`)
    return [filter.slice(0, equals), filter.slice(equals + 1)]
  })
}

/** Active alerts that match, firing before pending, worst first, oldest first; then by their labels. */
export function activeMatching(records: readonly AlertRecord[], query: AlertQuery): AlertRecord[] {
  const filters = labelFilters(query.labels)
  const text = query.text.trim().toLowerCase()
  return records
    .filter((record) => {
      const { labels } = record.episode
      if (!query.states.includes(stateOf(record))) return false
      if (query.severities.length > 0 && !query.severities.includes(record.severity)) return false
      if (!filters.every(([name, value]) => Object.hasOwn(labels, name) && labels[name] === value)) return false
      return text === '' || [record.rule, ...Object.values(labels)].some((one) => one.toLowerCase().includes(text))
    })
    .sort(
      (a, b) =>
        Number(a.episode.state === 'pending') - Number(b.episode.state === 'pending') ||
        compareSeverity(b.severity, a.severity) ||
        a.episode.activeAt - b.episode.activeAt ||
        (a.fingerprint < b.fingerprint ? -1 : 1),
    )
}
