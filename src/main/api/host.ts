import type { Collection } from '#main/collectors/collection.ts'
import type { HandlersOf } from '#shared/contract/index.ts'

export function hostHandlers(collection: Collection): HandlersOf<'host'> {
  return {
    'host.facts': () => collection.facts(),
    'host.processes': () => collection.processes(),
    'host.collectors': () => collection.collectors(),
  }
}
