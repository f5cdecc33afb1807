/** Handlers of the token calls. */
import type { Access } from '#main/access/access.ts'
import type { HandlersOf } from '#shared/contract/index.ts'

export function tokenHandlers({ tokens }: Access): HandlersOf<'tokens'> {
  return {
    'tokens.list': () => tokens.list(),
    'tokens.create': (draft, { caller }) => tokens.create(draft, caller),
    async 'tokens.revoke'({ id }, { caller }) {
      await tokens.revoke(id, caller)
      return { id }
    },
  }
}
