/** A new collector, or one that is edited: gathers what the form needs, then shows it. */
import { useCall } from '../../client/use-call.ts'
import { usePlace } from '../../navigation/location.ts'
import { EmptyState, FailedState, Skeleton } from '../../ui/placeholder.tsx'
import { draftFromText, emptyDraft } from './collector-draft.ts'
import { CollectorForm } from './collector-form.tsx'

/** `id`: the collector that is edited; null: a new one, begun with `?draft=` or with `?kind=`. */
export function CollectorFormScreen({ id }: { readonly id: string | null }) {
  const place = usePlace()
  const kinds = useCall('collectors.kinds', {})
  const written = useCall('collectors.definition', { id: id ?? '' }, { isEnabled: id !== null })

  if (kinds.failure && !kinds.data)
    return <FailedState what="The form" failure={kinds.failure} onRetry={kinds.refetch} />
  if (id !== null && written.failure && !written.data)
    return <FailedState what="The collector" failure={written.failure} onRetry={written.refetch} />
  if (!kinds.data || (id !== null && !written.data)) return <Skeleton lines={8} />
  const begun = place?.query.get('draft')
  const [usual] = kinds.data
  const initial =
    (id === null ? null : written.data) ??
    (begun ? draftFromText(begun, kinds.data) : null) ??
    (usual ? emptyDraft(usual) : null)
  if (!initial) return <EmptyState title="No kind of collector is known">This console has none built in.</EmptyState>
  return <CollectorForm id={id} kinds={kinds.data} initial={initial} />
}
