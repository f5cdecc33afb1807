/** Calls about checks: translation only. */
import type { CheckService } from '#main/checks/service.ts'
import type { OpenConfig } from '#main/config/open-config.ts'
import type { CheckDraft } from '#shared/contract/checks.ts'
import type { Caller } from '#shared/contract/define.ts'
import type { HandlersOf } from '#shared/contract/index.ts'
import { refuseKind, refuseReferences } from './refuse-draft.ts'

export function checkHandlers(
  service: CheckService,
  config: Pick<OpenConfig, 'preview' | 'withoutSecrets'>,
): HandlersOf<'checks'> {
  function permitted(id: string | null, draft: CheckDraft, caller: Caller): CheckDraft {
    refuseReferences(service.newReferences(id, draft), caller)
    refuseKind(`Checks of the kind "${draft.kind}"`, service.roleOf(draft.kind), caller)
    return draft
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
      const files = found.map(({ diff, ...rest }) => ({ ...rest, diff: config.withoutSecrets(diff) }))
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
