/** The form of a collector: what saving and trying it call, and how each is undone. */
import type { CollectorDraft, CollectorKindView, CollectorTrial } from '#shared/contract/collectors.ts'
import { useClient } from '../../client/client-context.tsx'
import { useCommand } from '../../client/use-command.ts'
import { navigate } from '../../navigation/location.ts'
import type { JsonObject } from '../../ui/form/form-value.ts'
import { type DraftFormState, useDraftForm } from '../../ui/form/use-draft-form.ts'
import { attempted } from '../../ui/toasts.ts'
import { readDraft } from './collector-draft.ts'

interface CollectorFormOptions {
  /** Null: a new collector. */
  readonly id: string | null
  readonly kinds: readonly CollectorKindView[]
  readonly initial: JsonObject
}

export function useCollectorForm({
  id,
  kinds,
  initial,
}: CollectorFormOptions): DraftFormState<CollectorDraft, CollectorKindView, CollectorTrial> {
  const client = useClient()
  const saving = useCommand('collectors.save')
  const trying = useCommand('collectors.try')
  return useDraftForm({
    isNew: id === null,
    kinds,
    initial,
    readDraft,
    saving,
    trying,
    save: (draft, before) => saving.run({ id, draft, before }),
    tryDraft: (draft) => trying.run({ id, draft }),
    open: (saved) => navigate('collector', { id: saved }),
    addedWords: (name) => `"${name}" is read from now on.`,
    async takeBack(added) {
      if (await attempted(() => client.call('collectors.remove', { id: added }))) navigate('collectors')
    },
    restore: (before) => attempted(() => client.call('collectors.save', { id, draft: before })),
  })
}
