/** Calls about checks: translation only. */
import type { CheckService } from '#main/checks/service.ts'
import type { OpenConfig } from '#main/config/open-config.ts'
import type { CheckDraft } from '#shared/contract/checks.ts'
import { type Caller, roleSuffices } from '#shared/contract/define.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { HandlersOf } from '#shared/contract/index.ts'

export function checkHandlers(service: CheckService, config: Pick<OpenConfig, 'preview'>): HandlersOf<'checks'> {
  /** Some kinds of checks want more than the call that writes them. */
  function permitted(id: string | null, draft: CheckDraft, caller: Caller): CheckDraft {
    refuseReferences(service.newReferences(id, draft), caller)
    const needed = service.roleOf(draft.kind)
    if (roleSuffices(caller.role, needed)) return draft
    const message = `Checks of the kind "${draft.kind}" need the role ${needed}; ${caller.name} has ${caller.role}.`
    throw new AppError('forbidden', message)
  }

  return {
    'checks.kinds': () => service.kinds(),
    'checks.list': () => service.list(),
    'checks.get': ({ id }) => service.get(id),
    'checks.definition': ({ id }) => service.definition(id),
    'checks.guess': ({ text }) => service.guess(text),
    'checks.save': ({ id, draft, before }, { caller }) => service.save(id, permitted(id, draft, caller), before),
    'checks.remove': ({ id }) => service.remove(id),
    'checks.setEnabled': ({ ids, enabled }) => service.setEnabled(ids, enabled),
    'checks.groups': () => service.groups(),
    async 'checks.editMany'({ ids, filter, change, isPreview }, { caller }) {
      refuseReferences(service.newReferences(null, change), caller)
      const wanted = ids ?? service.matching(filter ?? {})
      if (wanted.length === 0) return { checks: [], files: [] }
      const found = await config.preview({ edit: 'editChecks', ids: wanted, change })
      const files = found.map(({ diff, ...rest }) => ({ ...rest, diff: service.withoutSecrets(diff) }))
      const checks = isPreview ? wanted.map((id) => service.get(id)) : await service.editMany(wanted, change)
      return { checks, files }
    },
    'checks.run': ({ id }) => service.run(id),
    'checks.try': ({ id, draft }, { caller, signal }) => service.try(permitted(id, draft, caller), id, signal),
    'checks.histories': ({ ids, buckets }) => service.histories(ids, buckets),
    'checks.timeline': (input) => service.timeline(input),
    'checks.results': (input) => service.results(input),
  }
}

/** Whoever writes a reference can send what it stands for anywhere, so those who may not see secrets may not either. */
function refuseReferences(references: readonly string[], caller: Caller): void {
  if (references.length === 0 || roleSuffices(caller.role, 'admin')) return
  const message = `Only the role admin may write references such as ${references[0]}; ${caller.name} has ${caller.role}.`
  throw new AppError('forbidden', message)
}
