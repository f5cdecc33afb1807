/** A new check, a copy of one, or one that is edited: gathers what the form needs, then shows it. */
import type { CheckDraft, CheckKindView } from '#shared/contract/checks.ts'
import { useCall } from '../../client/use-call.ts'
import { usePlace } from '../../navigation/location.ts'
import { cx } from '../../ui/class-names.ts'
import { fieldsOfSchema, withFreshValues } from '../../ui/form/schema-model.ts'
import { EmptyState, FailedState, Skeleton } from '../../ui/placeholder.tsx'
import { emptyDraft } from './check-draft.ts'
import css from './check-form.module.css'
import { CheckForm } from './check-form.tsx'

/** `id`: the check that is edited; null: a new one, a copy of `?from=`, or guessed from `?text=`. */
export function CheckFormScreen({ id }: { readonly id: string | null }) {
  const place = usePlace()
  const from = id ?? place?.query.get('from') ?? null
  const kinds = useCall('checks.kinds', {})
  const written = useCall('checks.definition', { id: from ?? '' }, { isEnabled: from !== null })

  if (kinds.failure && !kinds.data)
    return <FailedState what="The form" failure={kinds.failure} onRetry={kinds.refetch} />
  if (from !== null && written.failure && !written.data)
    return <FailedState what="The check" failure={written.failure} onRetry={written.refetch} />
  if (!kinds.data || (from !== null && !written.data))
    return (
      <div className={cx(css['loading'])}>
        <Skeleton lines={8} />
      </div>
    )
  const initial = initialDraft(id, written.data, kinds.data)
  if (!initial) return <EmptyState title="No kind of check is known">This console has none built in.</EmptyState>
  return (
    <CheckForm
      id={id}
      kinds={kinds.data}
      initial={initial}
      isCopy={id === null && from !== null}
      pasted={place?.query.get('text') ?? null}
    />
  )
}

function initialDraft(id: string | null, written: CheckDraft | null, kinds: readonly CheckKindView[]) {
  if (written && id !== null) return written
  if (written) {
    const kind = kinds.find((candidate) => candidate.kind === written.kind)
    const config = kind ? withFreshValues(fieldsOfSchema(kind.schema), written.config) : written.config
    return { ...written, name: `${written.name} (copy)`, config }
  }
  // Most checks are of web pages; any other kind is one click or one pasted address away.
  const usual = kinds.find(({ kind }) => kind === 'http') ?? kinds[0]
  return usual ? emptyDraft(usual) : null
}
