/** One rule as it is written, or a new one. */
import { useCall } from '../../client/use-call.ts'
import { Link } from '../../navigation/link.tsx'
import { usePlace } from '../../navigation/location.ts'
import { Answer, EmptyState, Skeleton } from '../../ui/placeholder.tsx'
import { RuleForm } from './rule-form.tsx'

/** `id` null: a new rule. */
export function RuleScreen({ id }: { readonly id: string | null }) {
  const rules = useCall('rules.list', {}, { isEnabled: id !== null })
  const expr = usePlace()?.query.get('expr') ?? ''
  if (id === null) return <RuleForm view={null} expr={expr} />
  return (
    <Answer of={rules} what="The rule" loading={<Skeleton lines={8} />}>
      {(list) => {
        const view = list.find((candidate) => candidate.id === id)
        if (!view)
          return (
            <EmptyState title="This rule is gone" action={<Link to="rules">All rules</Link>}>
              It was removed, or its file has changed.
            </EmptyState>
          )
        return <RuleForm key={view.id} view={view} />
      }}
    </Answer>
  )
}
