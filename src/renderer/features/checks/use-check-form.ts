/** The form of a check: what saving and trying it call, and how each is undone. */
import type { CheckDraft, CheckKindView, CheckResult } from '#shared/contract/checks.ts'
import { useClient } from '../../client/client-context.tsx'
import { useCommand } from '../../client/use-command.ts'
import { navigate } from '../../navigation/location.ts'
import type { JsonObject } from '../../ui/form/form-value.ts'
import { type DraftFormState, useDraftForm } from '../../ui/form/use-draft-form.ts'
import { attempted } from '../../ui/toasts.ts'
import { readDraft } from './check-draft.ts'

interface CheckFormOptions {
  /** Null: a new check. */
  readonly id: string | null
  readonly kinds: readonly CheckKindView[]
  readonly initial: JsonObject
  /** Even untouched it is worth a question before it is left. */
  readonly isCopy: boolean
}

export function useCheckForm(options: CheckFormOptions): DraftFormState<CheckDraft, CheckKindView, CheckResult> {
  const { id, kinds, initial, isCopy } = options
  const client = useClient()
  const saving = useCommand('checks.save')
  const trying = useCommand('checks.try')
  return useDraftForm({
    isNew: id === null,
    kinds,
    initial,
    isCopy,
    readDraft,
    saving,
    trying,
    save: (draft, before) => saving.run({ id, draft, before }),
    tryDraft: (draft) => trying.run({ draft }),
    open: (saved) => navigate('check', { id: saved }),
    addedWords: (name) => `"${name}" is checked from now on.`,
    async takeBack(added) {
      if (await attempted(() => client.call('checks.remove', { id: added }))) navigate('checks')
    },
    restore: (before) => attempted(() => client.call('checks.save', { id, draft: before })),
  })
}
