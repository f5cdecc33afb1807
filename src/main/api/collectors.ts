/** Calls about collectors of services: translation only. */
import type { CollectorService } from '#main/collectors/services/collector-service.ts'
import type { CollectorDraft } from '#shared/contract/collectors.ts'
import type { Caller } from '#shared/contract/define.ts'
import type { HandlersOf } from '#shared/contract/index.ts'
import { refuseKind, refuseReferences } from './refuse-draft.ts'

export function collectorHandlers(service: CollectorService): HandlersOf<'collectors'> {
  function permitted(id: string | null, draft: CollectorDraft, caller: Caller): CollectorDraft {
    refuseReferences(service.newReferences(id, draft), caller)
    refuseKind(`Collectors of the kind "${draft.kind}"`, service.roleOf(draft.kind), caller)
    return draft
  }

  return {
    'collectors.kinds': () => service.kinds(),
    'collectors.list': () => service.list(),
    'collectors.get': ({ id }) => service.get(id),
    'collectors.latest': ({ id }) => service.latest(id),
    'collectors.definition': ({ id }) => service.definition(id),
    'collectors.detect': (_, { signal }) => service.detect(signal),
    'collectors.save': ({ id, draft, before }, { caller }) => service.save(id, permitted(id, draft, caller), before),
    'collectors.remove': ({ id }) => service.remove(id),
    'collectors.setEnabled': ({ ids, enabled }) => service.setEnabled(ids, enabled),
    'collectors.run': ({ id }) => service.run(id),
    'collectors.try': ({ id, draft }, { caller, signal }) => service.try(permitted(id, draft, caller), id, signal),
  }
}
