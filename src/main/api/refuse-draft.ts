/** What a caller may not write, whatever the call says. */
import { type Caller, type Role, roleSuffices } from '#shared/contract/define.ts'
import { AppError } from '#shared/contract/errors.ts'

/** Whoever writes a reference can send what it stands for anywhere, so those who may not see secrets may not either. */
export function refuseReferences(references: readonly string[], caller: Caller): void {
  if (references.length === 0 || roleSuffices(caller.role, 'admin')) return
  const message = `Only the role admin may write references such as ${references[0]}; ${caller.name} has ${caller.role}.`
  throw new AppError('forbidden', message)
}

/** Some kinds want more than the call that writes them. `what`: as the subject of a sentence, in the plural. */
export function refuseKind(what: string, needed: Role, caller: Caller): void {
  if (roleSuffices(caller.role, needed)) return
  throw new AppError('forbidden', `${what} need the role ${needed}; ${caller.name} has ${caller.role}.`)
}
