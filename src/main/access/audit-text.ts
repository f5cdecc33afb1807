/** The audit log as the text of a file: CSV for spreadsheets, JSON lines for programs. */
import type { AuditEntryView } from '#shared/contract/audit.ts'
import { csvLine } from '#shared/domain/csv.ts'

/** Of the JSON lines. */
const formatVersion = 1

/** Each line ends with a line break; the first page begins with the header. */
export function auditText(format: 'csv' | 'json', entries: readonly AuditEntryView[], isFirst: boolean): string {
  const lines = entries.map((entry) => (format === 'csv' ? csvOf(entry) : JSON.stringify(jsonOf(entry))))
  if (isFirst) lines.unshift(format === 'csv' ? csvLine(columns) : JSON.stringify({ belfryAudit: formatVersion }))
  return lines.map((line) => `${line}${format === 'csv' ? '\r\n' : '\n'}`).join('')
}

const columns = ['sequence', 'at', 'actor', 'action', 'subject', 'detail', 'hash']

function csvOf({ sequence, at, actor, action, subject, detail, hash }: AuditEntryView): string {
  return csvLine([String(sequence), isoOf(at), actor, action, subject, JSON.stringify(detail), hash])
}

const jsonOf = (entry: AuditEntryView) => ({ ...entry, at: isoOf(entry.at) })
const isoOf = (at: number) => new Date(at).toISOString()
