/** Calls about the audit log: translation only. */
import type { Audit } from '#main/access/audit.ts'
import type { HandlersOf } from '#shared/contract/index.ts'

export function auditHandlers(audit: Audit): HandlersOf<'audit'> {
  return {
    'audit.list': ({ limit, cursor, filter }) => audit.list(limit, cursor, filter),
    'audit.export': ({ format, cursor, filter }) => audit.export(format, cursor, filter),
    'audit.verify': () => audit.verify(),
  }
}
