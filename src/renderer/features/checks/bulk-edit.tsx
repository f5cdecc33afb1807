/** One change to many checks: what is left empty stays, what would be written is shown first, and Undo takes it back. */
import { useDeferredValue, useState } from 'react'
import type { ChecksChange, CheckView } from '#shared/contract/checks.ts'
import { AppError } from '#shared/contract/errors.ts'
import { useClient } from '../../client/client-context.tsx'
import { useCall } from '../../client/use-call.ts'
import { useCommand } from '../../client/use-command.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Difference } from '../../ui/difference.tsx'
import { Select, TextField } from '../../ui/fields.tsx'
import { Answer } from '../../ui/placeholder.tsx'
import { toast, toastFailure } from '../../ui/toasts.ts'
import { type BulkDraft, type BulkProblems, emptyBulkDraft, readBulkDraft } from './bulk-draft.ts'
import css from './bulk-edit.module.css'

interface BulkEditProps {
  readonly checks: readonly CheckView[]
  readonly onClose: () => void
  readonly onDone: () => void
}

export function BulkEdit({ checks, onClose, onDone }: BulkEditProps) {
  const [draft, setDraft] = useState(emptyBulkDraft)
  const read = useDeferredValue(readBulkDraft(draft))
  const change = read.ok ? read.change : null
  const ids = checks.map(({ id }) => id)
  const edit = useCommand('checks.editMany')
  const edits = useCommand('config.edits')
  const client = useClient()
  const takeBack = async (id: string) => {
    try {
      await client.call('config.undo', { id })
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      toastFailure(`The change was not taken back: ${error.message}`)
    }
  }
  const apply = async () => {
    if (!change) return
    const done = await edit.run({ ids, change })
    if (!done) return
    onDone()
    const [newest] = (await edits.run({})) ?? []
    toast(`Changed ${done.checks.length} checks.`, newest && (() => void takeBack(newest.id)))
  }
  return (
    <Dialog
      title={`Edit ${ids.length} checks`}
      isOpen
      onClose={onClose}
      width="wide"
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button variant="primary" isPending={edit.isRunning} isDisabled={change === null} onPress={apply}>
            Write the change
          </Button>
        </>
      }
    >
      <Fields draft={draft} problems={read.ok ? {} : read.problems} onDraft={setDraft} />
      {edit.failure && (
        <p className={cx(css['problem'])} role="alert">
          {edit.failure.message}
        </p>
      )}
      {change ? (
        <Preview ids={ids} change={change} />
      ) : (
        <p className={cx(css['hint'])}>An empty field leaves what each check has. The change is shown here first.</p>
      )}
    </Dialog>
  )
}

function Fields(props: {
  readonly draft: BulkDraft
  readonly problems: BulkProblems
  readonly onDraft: (draft: BulkDraft) => void
}) {
  const { draft, problems, onDraft } = props
  const groups = useCall('checks.groups', {})
  const text = (field: keyof BulkDraft, label: string, placeholder: string) => (
    <TextField
      label={label}
      value={draft[field]}
      onChange={(value) => onDraft({ ...draft, [field]: value })}
      placeholder={placeholder}
      problem={problems[field] ?? null}
    />
  )
  return (
    <div className={cx(css['fields'])}>
      {text('every', 'Interval', 'unchanged, or such as 1 min')}
      {text('timeout', 'Timeout', 'unchanged, or such as 10 s')}
      <Select
        label="Group"
        value={draft.group}
        onChange={(group) => onDraft({ ...draft, group })}
        options={[
          { id: 'keep', label: 'Unchanged' },
          { id: 'none', label: 'No group' },
          ...(groups.data ?? []).map(({ name }) => ({ id: `group:${name}`, label: name })),
        ]}
      />
      {text('addTags', 'Add tags', 'slow, paid')}
      {text('removeTags', 'Remove tags', 'old')}
      {text('setLabels', 'Set labels', 'team=web, tier=one')}
      {text('removeLabels', 'Remove labels', 'tier')}
    </div>
  )
}

function Preview({ ids, change }: { readonly ids: string[]; readonly change: ChecksChange }) {
  const preview = useCall('checks.editMany', { ids, change, isPreview: true })
  return (
    <section className={cx(css['preview'])} aria-label="What would be written">
      <Answer of={preview} what="The preview">
        {({ files }) =>
          files.length === 0 ? (
            <p className={cx(css['hint'])}>Nothing would change: all of them have this already.</p>
          ) : (
            files.map(({ file, diff }) => <Difference key={file} file={file} diff={diff} />)
          )
        }
      </Answer>
    </section>
  )
}
