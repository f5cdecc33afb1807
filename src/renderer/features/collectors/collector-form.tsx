/** Writing a collector: what is read and when, with a trial run beside it. */
import type { CollectorKindView, CollectorTrial } from '#shared/contract/collectors.ts'
import { formatCount, formatValue } from '../../format/unit.ts'
import { navigate } from '../../navigation/location.ts'
import { cx } from '../../ui/class-names.ts'
import { DraftForm } from '../../ui/form/draft-form.tsx'
import type { JsonObject } from '../../ui/form/form-value.ts'
import { TrialPanel } from '../../ui/form/trial-panel.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import { commonFields } from './collector-draft.ts'
import css from './collectors.module.css'
import { MetricList } from './metric-list.tsx'
import { useCollectorForm } from './use-collector-form.ts'

interface CollectorFormProps {
  /** Null: a new collector. */
  readonly id: string | null
  readonly kinds: readonly CollectorKindView[]
  readonly initial: JsonObject
}

export function CollectorForm({ id, kinds, initial }: CollectorFormProps) {
  const form = useCollectorForm({ id, kinds, initial })
  return (
    <DraftForm
      form={form}
      noun="collector"
      isNew={id === null}
      kinds={kinds}
      commonFields={commonFields}
      onLeave={() => (id === null ? navigate('collectors') : navigate('collector', { id }))}
      editOf={(draft) => ({ edit: 'saveCollector', id, draft })}
      trial={
        <TrialPanel form={form} hint="A trial reads the service once and shows every value it gave. Nothing is saved.">
          {(tried) => (
            <div className={cx(css['tried'])}>
              <Trial trial={tried} />
            </div>
          )}
        </TrialPanel>
      }
    />
  )
}

function Trial({ trial }: { readonly trial: CollectorTrial }) {
  const { failure, problems, facts, metrics, samples, durationMs } = trial
  if (failure)
    return (
      <>
        <StateMark state="down" word="Failed" size={16} />
        <p>{failure.message}</p>
      </>
    )
  return (
    <>
      <StateMark
        state={problems.length > 0 ? 'degraded' : 'up'}
        word={`${formatCount(samples)} samples in ${formatValue(durationMs, 'milliseconds')}`}
        size={16}
      />
      {problems.map((problem) => (
        <p key={problem}>{problem}</p>
      ))}
      {facts.length > 0 && (
        <p className={cx(css['hint'])}>{facts.map(({ name, value }) => `${name}: ${value}`).join(' · ')}</p>
      )}
      <MetricList metrics={metrics} className={css['triedMetrics']} />
    </>
  )
}
