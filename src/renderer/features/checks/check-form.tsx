/**
 * Writing a check: on the left what is probed and when, on the right what a trial run really answered. Nothing is saved
 * before "Save", and saving can be undone.
 */
import { useMemo, useRef } from 'react'
import type { CheckKindView } from '#shared/contract/checks.ts'
import { useKeys } from '../../keys/use-keys.ts'
import { navigate } from '../../navigation/location.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { Select, TextField } from '../../ui/fields.tsx'
import { issuesAt, issuesElsewhere, type JsonObject } from '../../ui/form/form-value.ts'
import { SchemaForm } from '../../ui/form/schema-form.tsx'
import { fieldsOfSchema } from '../../ui/form/schema-model.ts'
import { useFocusProblem } from '../../ui/form/use-focus-problem.ts'
import { Panel, ScreenHeader } from '../../ui/panel.tsx'
import { ChangePreview } from './change-preview.tsx'
import { commonFields, configOf, extrasOfSchema } from './check-draft.ts'
import css from './check-form.module.css'
import { ImportBox } from './import-box.tsx'
import { PasteBox } from './paste-box.tsx'
import { PingAddress } from './ping-address.tsx'
import { TrialPanel } from './trial-panel.tsx'
import { useCheckForm } from './use-check-form.ts'

interface CheckFormProps {
  /** Null: a new check. */
  readonly id: string | null
  readonly kinds: readonly CheckKindView[]
  readonly initial: JsonObject
  readonly isCopy: boolean
  /** What came with the address, to be guessed from at once. */
  readonly pasted: string | null
}

export function CheckForm({ id, kinds, initial, isCopy, pasted }: CheckFormProps) {
  const form = useCheckForm({ id, kinds, initial, isCopy })
  const { value, change, kind, issues } = form
  const fields = useMemo(() => (kind ? fieldsOfSchema(kind.schema) : []), [kind])
  const isNew = id === null
  const stray = issuesElsewhere(issues, ['name', 'config', ...commonFields.map(({ name }) => name)])
  const config = configOf(value)
  const extras = useMemo(() => extrasOfSchema(kind?.schema), [kind])
  const pingId = extras.pingedBy === undefined ? undefined : config[extras.pingedBy]
  const name = typeof value['name'] === 'string' ? value['name'] : ''
  const root = useRef<HTMLFormElement>(null)
  useFocusProblem(root, issues)
  const leave = () => (id === null ? navigate('checks') : navigate('check', { id }))
  useKeys('Check form', [
    { keys: 'mod+Enter', title: 'Try it now', run: () => void form.tryNow() },
    { keys: 'mod+s', title: 'Save', run: () => void form.save() },
  ])

  return (
    <form
      ref={root}
      className={cx(css['screen'])}
      aria-label={isNew ? 'New check' : `Edit ${name}`}
      onSubmit={(event) => {
        event.preventDefault()
        void form.save()
      }}
    >
      <ScreenHeader
        title={isNew ? 'New check' : `Edit ${name}`}
        actions={
          <>
            <Button variant="quiet" onPress={leave}>
              Cancel
            </Button>
            <Button variant="quiet" onPress={form.togglePreview}>
              {form.previewed ? 'Hide the change' : 'Show the change'}
            </Button>
            <Button variant="primary" type="submit" isPending={form.saving.isRunning}>
              {isNew ? 'Add check' : 'Save'}
            </Button>
          </>
        }
      />
      <Problems form={form} stray={stray} />
      {form.previewed && <ChangePreview id={id} draft={form.previewed} />}
      <div className={cx(css['columns'])}>
        <div className={cx(css['left'])}>
          {isNew && !isCopy && (
            <PasteBox
              pasted={pasted}
              onGuess={(draft) => change({ ...draft, labels: value['labels'] ?? draft.labels })}
            />
          )}
          <Panel title="What">
            <div className={cx(css['stack'])}>
              <div>
                <Select
                  label="Kind"
                  options={kinds.map(({ kind, title, description }) => ({ id: kind, label: title, hint: description }))}
                  value={kind?.kind ?? null}
                  onChange={form.chooseKind}
                />
                {kind && <p className={cx(css['hint'])}>{kind.description}</p>}
              </div>
              {kind ? (
                <>
                  {extras.imports && (
                    <ImportBox
                      key={`import ${kind.kind}`}
                      kind={kind.kind}
                      source={extras.imports}
                      onImport={(taken) => change({ ...value, config: { ...config, ...taken } })}
                    />
                  )}
                  <SchemaForm
                    key={kind.kind}
                    fields={fields}
                    value={config}
                    onChange={(next) => change({ ...value, config: next })}
                    issues={issues}
                    path="config"
                    autoFocus={!isNew}
                  />
                  {typeof pingId === 'string' && <PingAddress pingId={pingId} />}
                </>
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
function Problems({
  form,
  stray,
}: {
  readonly form: ReturnType<typeof useCheckForm>
  readonly stray: ReturnType<typeof issuesElsewhere>
}) {
  const { failure } = form.saving
  const count = form.issues.length - stray.length
  if (!failure && form.issues.length === 0) return null
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
