/**
 * Writing a draft: on the left what it is of its kind, its name and timing, on the right what a trial run really gave.
 * Nothing is saved before "Save", and saving can be undone.
 */
import { type ReactNode, useMemo, useRef } from 'react'
import type { ConfigEditInput } from '#shared/contract/config.ts'
import { useKeys } from '../../keys/use-keys.ts'
import { Button } from '../button.tsx'
import { cx } from '../class-names.ts'
import { Select, TextField } from '../fields.tsx'
import { Panel, ScreenHeader } from '../panel.tsx'
import { ProblemBox } from '../problem-box.tsx'
import { WhatEditWrites } from '../what-save-writes.tsx'
import { configOf, type DraftKind } from './draft.ts'
import css from './draft-form.module.css'
import { FormColumn, FormColumns, FormStack } from './form-layout.tsx'
import { issuesAt, issuesElsewhere } from './form-value.ts'
import { SchemaForm } from './schema-form.tsx'
import { type Field, fieldsOfSchema } from './schema-model.ts'
import type { DraftFormState } from './use-draft-form.ts'
import { useFocusProblem } from './use-focus-problem.ts'

interface DraftFormProps<Draft, Kind extends DraftKind, Tried> {
  readonly form: DraftFormState<Draft, Kind, Tried>
  /** What is written, as it stands in a sentence: `check`. */
  readonly noun: string
  readonly isNew: boolean
  readonly kinds: readonly Kind[]
  /** What drafts of every kind have. */
  readonly commonFields: readonly Field[]
  readonly onLeave: () => void
  /** The saving of a draft, for what it would write. */
  readonly editOf: (draft: Draft) => ConfigEditInput
  /** Above all fields. */
  readonly lead?: ReactNode
  readonly aboveOptions?: ReactNode
  readonly belowOptions?: ReactNode
  /** The panel on the right. */
  readonly trial: ReactNode
}

export function DraftForm<Draft, Kind extends DraftKind, Tried>(props: DraftFormProps<Draft, Kind, Tried>) {
  const { form, noun, isNew, kinds, commonFields, editOf, onLeave } = props
  const { value, change, kind, issues } = form
  const fields = useMemo(() => (kind ? fieldsOfSchema(kind.schema) : []), [kind])
  const name = typeof value['name'] === 'string' ? value['name'] : ''
  const title = isNew ? `New ${noun}` : `Edit ${name}`
  const root = useRef<HTMLFormElement>(null)
  useFocusProblem(root, issues)
  useKeys(`${noun.charAt(0).toUpperCase()}${noun.slice(1)} form`, [
    { keys: 'mod+Enter', title: 'Try it now', run: () => void form.tryNow() },
    { keys: 'mod+s', title: 'Save', run: () => void form.save() },
  ])
  return (
    <form
      ref={root}
      className={cx(css['form'])}
      aria-label={title}
      onSubmit={(event) => {
        event.preventDefault()
        void form.save()
      }}
    >
      <ScreenHeader
        title={title}
        actions={
          <>
            <Button variant="quiet" onPress={onLeave}>
              Cancel
            </Button>
            <Button variant="quiet" onPress={form.togglePreview}>
              {form.previewed === null ? 'Show the change' : 'Hide the change'}
            </Button>
            <Button variant="primary" type="submit" isPending={form.saving.isRunning}>
              {isNew ? `Add ${noun}` : 'Save'}
            </Button>
          </>
        }
      />
      <Problems form={form} commonFields={commonFields} />
      {form.previewed !== null && <WhatEditWrites edit={editOf(form.previewed)} />}
      <FormColumns>
        <FormColumn>
          {props.lead}
          <Panel title="What">
            <FormStack>
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
                  {props.aboveOptions}
                  <SchemaForm
                    key={kind.kind}
                    fields={fields}
                    value={configOf(value)}
                    onChange={(next) => change({ ...value, config: next })}
                    issues={issues}
                    path="config"
                    autoFocus={!isNew}
                  />
                  {props.belowOptions}
                </>
              ) : (
                <p role="alert">This console does not know the kind "{String(value['kind'])}". Choose another one.</p>
              )}
            </FormStack>
          </Panel>
          <Panel title="Name and timing">
            <FormStack>
              <TextField
                label="Name"
                isRequired
                value={name}
                onChange={(next) => change({ ...value, name: next })}
                problem={issuesAt(issues, 'name').join(' ') || null}
              />
              <SchemaForm fields={commonFields} value={value} onChange={change} issues={issues} path="" />
            </FormStack>
          </Panel>
        </FormColumn>
        {props.trial}
      </FormColumns>
      {form.guard.question}
    </form>
  )
}

/** What the console said of the whole: failures without a field of their own are never lost. */
function Problems<Draft, Kind extends DraftKind, Tried>({
  form: { issues, saving },
  commonFields,
}: Pick<DraftFormProps<Draft, Kind, Tried>, 'form' | 'commonFields'>) {
  const { failure } = saving
  const stray = issuesElsewhere(issues, ['name', 'config', ...commonFields.map(({ name }) => name)])
  const count = issues.length - stray.length
  if (!failure && issues.length === 0) return null
  return (
    <ProblemBox role="alert">
      {failure && count === 0 && <p>{failure.message}</p>}
      {count > 0 && <p>{count === 1 ? 'One field needs' : `${count} fields need`} another value.</p>}
      {stray.map(({ path, message }) => (
        <p key={`${path} ${message}`}>
          {path}: {message}
        </p>
      ))}
    </ProblemBox>
  )
}
