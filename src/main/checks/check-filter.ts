/** Which checks a filter is about. Pure. */
import type { CheckFilter, CheckView } from '#shared/contract/checks.ts'

export function fitsFilter(check: CheckView, filter: CheckFilter): boolean {
  const { group, tag, kind, enabled, labels = {}, text } = filter
  if (group !== undefined && check.group !== group) return false
  if (tag !== undefined && !check.tags.includes(tag)) return false
  if (kind !== undefined && check.kind !== kind) return false
  if (enabled !== undefined && check.enabled !== enabled) return false
  if (Object.entries(labels).some(([name, value]) => check.labels[name] !== value)) return false
  const wanted = text?.trim().toLowerCase() ?? ''
  return wanted === '' || check.name.toLowerCase().includes(wanted) || check.target.toLowerCase().includes(wanted)
}
