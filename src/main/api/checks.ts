/** Calls about checks: translation only. */
import type { CheckService } from '#main/checks/service.ts'
import type { HandlersOf } from '#shared/contract/index.ts'

export function checkHandlers(service: CheckService): HandlersOf<'checks'> {
  return {
    'checks.kinds': () => service.kinds(),
    'checks.list': () => service.list(),
    'checks.get': ({ id }) => service.get(id),
    'checks.definition': ({ id }) => service.definition(id),
    'checks.guess': ({ text }) => service.guess(text),
    'checks.save': ({ id, draft, before }) => service.save(id, draft, before),
    'checks.remove': ({ id }) => service.remove(id),
    'checks.setEnabled': ({ ids, enabled }) => service.setEnabled(ids, enabled),
    'checks.run': ({ id }) => service.run(id),
    'checks.try': ({ id, draft }, { signal }) => service.try(draft, id, signal),
    'checks.histories': ({ ids, buckets }) => service.histories(ids, buckets),
    'checks.timeline': (input) => service.timeline(input),
    'checks.results': (input) => service.results(input),
  }
}
