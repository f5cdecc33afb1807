/**
 * Writing a collector: on the left what is read and when, on the right what a trial run really read. Nothing is saved
 * before "Save", and saving can be undone.
 */
import { FlaskConical } from 'lucide-react'
import { useMemo, useRef } from 'react'
import type { CollectorDraft, CollectorKindView, CollectorTrial } from '#shared/contract/collectors.ts'
import { useCall } from '../../client/use-call.ts'
import { formatCount, formatValue } from '../../format/unit.ts'
import { useKeys } from '../../keys/use-keys.ts'
import { navigate } from '../../navigation/location.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { Difference } from '../../ui/difference.tsx'
import { Select, TextField } from '../../ui/fields.tsx'
import { issuesAt, issuesElsewhere, type JsonObject } from '../../ui/form/form-value.ts'
import { SchemaForm } from '../../ui/form/schema-form.tsx'
import { fieldsOfSchema } from '../../ui/form/schema-model.ts'
import { useFocusProblem } from '../../ui/form/use-focus-problem.ts'
import { Kbd } from '../../ui/kbd.tsx'
import { Panel, ScreenHeader } from '../../ui/panel.tsx'
import { Answer, EmptyState, Skeleton } from '../../ui/placeholder.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import { commonFields, configOf } from './collector-draft.ts'
import css from './collectors.module.css'
import { MetricList } from './metric-list.tsx'
import { type CollectorFormState, useCollectorForm } from './use-collector-form.ts'

interface CollectorFormProps {
  /** Null: a new collector. */
  readonly id: string | null
  readonly kinds: readonly CollectorKindView[]
  readonly initial: JsonObject
}

export function CollectorForm({ id, kinds, initial }: CollectorFormProps) {
  const form = useCollectorForm({ id, kinds, initial })
  const { value, change, kind, issues } = form
  const fields = useMemo(() => (kind ? fieldsOfSchema(kind.schema) : []), [kind])
  const isNew = id === null
  const name = typeof value['name'] === 'string' ? value['name'] : ''
  const root = useRef<HTMLFormElement>(null)
  useFocusProblem(root, issues)
  const leave = () => (id === null ? navigate('collectors') : navigate('collector', { id }))
  useKeys('Collector form', [
    { keys: 'mod+Enter', title: 'Try it now', run: () => void form.tryNow() },
    { keys: 'mod+s', title: 'Save', run: () => void form.save() },
  ])
  return (
    <form
      ref={root}
      className={cx(css['screen'])}
      aria-label={isNew ? 'New collector' : `Edit ${name}`}
      onSubmit={(event) => {
        event.preventDefault()
        void form.save()
      }}
    >
      <ScreenHeader
        title={isNew ? 'New collector' : `Edit ${name}`}
        actions={
          <>
            <Button variant="quiet" onPress={leave}>
              Cancel
            </Button>
            <Button variant="quiet" onPress={form.togglePreview}>
              {form.previewed ? 'Hide the change' : 'Show the change'}
            </Button>
            <Button variant="primary" type="submit" isPending={form.saving.isRunning}>
              {isNew ? 'Add collector' : 'Save'}
            </Button>
          </>
        }
      />
      <Problems form={form} />
      {form.previewed && <ChangePreview id={id} draft={form.previewed} />}
      <div className={cx(css['columns'])}>
        <div className={cx(css['left'])}>
          <Panel title="What">
            <div className={cx(css['stack'])}>
              <div>
                <Select
                  label="Kind"
                  options={kinds.map(({ kind, title, description }) => ({ id: kind, label: title, hint: description }))}
                  value={kind?.kind ?? null}
                  onChange={form.chooseKind}
                />
                {kind && <p className={cx(css['kindHint'])}>{kind.description}</p>}
              </div>
              {kind ? (
                <SchemaForm
                  key={kind.kind}
                  fields={fields}
                  value={configOf(value)}
                  onChange={(next) => change({ ...value, config: next })}
                  issues={issues}
                  path="config"
                  autoFocus={!isNew}
                />
              ) : (
                <p role="alert">This console does not know the kind "{String(value['kind'])}". Choose another one.</p>
              )}
            </div>
          </Panel>
          <Panel title="Name and timing">
            <div className={cx(css['stack'])}>
              <TextField
                label="Name"
                isRequired
                value={name}
                onChange={(next) => change({ ...value, name: next })}
                problem={issuesAt(issues, 'name').join(' ') || null}
              />
              <SchemaForm fields={commonFields} value={value} onChange={change} issues={issues} path="" />
            </div>
          </Panel>
        </div>
        <TrialPanel form={form} />
      </div>
      {form.guard.question}
    </form>
  )
}

/** What the console said of the whole: failures without a field of their own are never lost. */
function Problems({ form }: { readonly form: CollectorFormState }) {
  const { issues } = form
  const { failure } = form.saving
  const stray = issuesElsewhere(issues, ['name', 'config', ...commonFields.map(({ name }) => name)])
  const count = issues.length - stray.length
  if (!failure && issues.length === 0) return null
  return (
    <div className={cx(css['problems'])} role="alert">
      {failure && count === 0 && <p>{failure.message}</p>}
      {count > 0 && <p>{count === 1 ? 'One field needs' : `${count} fields need`} another value.</p>}
      {stray.map(({ path, message }) => (
        <p key={`${path} ${message}`}>
          {path}: {message}
        </p>
      ))}
    </div>
  )
}

function ChangePreview({ id, draft }: { readonly id: string | null; readonly draft: CollectorDraft }) {
  const preview = useCall('config.preview', { edit: { edit: 'saveCollector', id, draft } })
  return (
    <Panel title="What Save writes">
      <Answer of={preview} what="The preview">
        {({ files }) =>
          files.length === 0 ? (
            <p className={cx(css['hint'])}>Nothing: the file says this already.</p>
          ) : (
            files.map(({ file, diff }) => <Difference key={file} file={file} diff={diff} />)
          )
        }
      </Answer>
    </Panel>
  )
}

function TrialPanel({ form }: { readonly form: CollectorFormState }) {
  const { tried, trying, isTrialOld } = form
  return (
    <Panel
      title="Trial"
      note={tried && isTrialOld ? 'of what stood there before' : undefined}
      className={cx(css['trial'])}
      actions={
        <Button size="small" icon={FlaskConical} isPending={trying.isRunning} onPress={form.tryNow}>
          {trying.isRunning ? 'Trying' : 'Try it now'} <Kbd keys="mod+Enter" />
        </Button>
      }
    >
      <div aria-live="polite" aria-busy={trying.isRunning}>
        {trying.isRunning ? (
          <Skeleton lines={6} />
        ) : trying.failure ? (
          <p role="alert">{trying.failure.message}</p>
        ) : tried ? (
          <div className={cx(css['tried'], isTrialOld && css['old'])}>
            <Trial trial={tried} />
          </div>
        ) : (
          <EmptyState icon={FlaskConical} title="Not tried yet">
            A trial reads the service once and shows every value it gave. Nothing is saved.
          </EmptyState>
        )}
      </div>
    </Panel>
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
