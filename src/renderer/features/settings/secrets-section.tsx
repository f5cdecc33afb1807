/** Secrets that the configuration refers to as `secret:name`: written here, and never shown again. */
import { KeyRound, Plus } from 'lucide-react'
import { useState } from 'react'
import type { OutputOf } from '#shared/contract/index.ts'
import { useCall } from '../../client/use-call.ts'
import { useCommand } from '../../client/use-command.ts'
import { useMay } from '../../live/use-role.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { TextField } from '../../ui/fields.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Answer, EmptyState } from '../../ui/placeholder.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import { Cell, HeaderCell, Row, Table } from '../../ui/table.tsx'
import { toast, toastFailure } from '../../ui/toasts.ts'
import css from './configuration.module.css'
import { SettingBlock } from './setting-row.tsx'

type Secret = OutputOf<'secrets.list'>['secrets'][number]

export function SecretsSection() {
  const isAdmin = useMay('admin')
  const secrets = useCall('secrets.list', {}, { on: { 'config.changed': 'refetch' }, isEnabled: isAdmin })
  const [writing, setWriting] = useState<{ name: string } | null>(null)
  const remove = useCommand('secrets.remove')
  const forget = async ({ name }: Secret) => {
    if (!(await remove.run({ name }))) return
    toast(`The secret "${name}" is forgotten.`)
    secrets.refetch()
  }
  return (
    <SettingBlock keywords="secrets password token key secret: reference">
      <Panel
        title="Secrets"
        note={secrets.data?.mechanism}
        isPadded={false}
        actions={
          isAdmin && (
            <Button size="small" icon={Plus} onPress={() => setWriting({ name: '' })}>
              New secret
            </Button>
          )
        }
      >
        {isAdmin ? (
          <Answer of={secrets} what="Secrets">
            {({ secrets: list, trouble }) => (
              <>
                {trouble !== null && (
                  <p className={cx(css['problem'])} role="alert">
                    {trouble}
                  </p>
                )}
                <Secrets list={list} onWrite={(name) => setWriting({ name })} onForget={forget} />
              </>
            )}
          </Answer>
        ) : (
          <EmptyState title="Only an admin sees the names of secrets">Your role here does not suffice.</EmptyState>
        )}
      </Panel>
      {remove.failure && (
        <p className={cx(css['problem'])} role="alert">
          {remove.failure.message}
        </p>
      )}
      {writing && <WriteSecret {...writing} onClose={() => setWriting(null)} onWritten={secrets.refetch} />}
    </SettingBlock>
  )
}

function Secrets(props: {
  readonly list: readonly Secret[]
  readonly onWrite: (name: string) => void
  readonly onForget: (secret: Secret) => void
}) {
  if (props.list.length === 0)
    return (
      <EmptyState icon={KeyRound} title="No secret yet">
        Store one, and write <code>secret:name</code> in belfry.yaml wherever its value belongs.
      </EmptyState>
    )
  return (
    <Table label="Secrets">
      <thead>
        <tr>
          <HeaderCell>Name</HeaderCell>
          <HeaderCell>State</HeaderCell>
          <HeaderCell>Used by</HeaderCell>
          <HeaderCell isNumber>{''}</HeaderCell>
        </tr>
      </thead>
      <tbody>
        {props.list.map((secret) => (
          <Row key={secret.name}>
            <Cell>
              <span className={cx(css['secretName'])}>{secret.name}</span>
            </Cell>
            <Cell>
              <StateMark state={secret.isStored ? 'up' : 'down'} word={secret.isStored ? 'Stored' : 'Missing'} />
            </Cell>
            <Cell isMuted>{secret.usedBy.map(({ path }) => path).join(', ') || 'nothing'}</Cell>
            <Cell isNumber>
              <Button size="small" onPress={() => props.onWrite(secret.name)} aria-label={`Write ${secret.name}`}>
                {secret.isStored ? 'Replace' : 'Store'}
              </Button>{' '}
              {secret.isStored && secret.usedBy.length === 0 && (
                <Button size="small" onPress={() => props.onForget(secret)} aria-label={`Forget ${secret.name}`}>
                  Forget
                </Button>
              )}
            </Cell>
          </Row>
        ))}
      </tbody>
    </Table>
  )
}

function WriteSecret(props: { readonly name: string; readonly onClose: () => void; readonly onWritten: () => void }) {
  const { onClose, onWritten } = props
  const [name, setName] = useState(props.name)
  const [value, setValue] = useState('')
  const store = useCommand('secrets.set')
  const act = async () => {
    const stored = await store.run({ name: name.trim(), value })
    if (!stored) return
    onWritten()
    onClose()
    toast(
      stored.isNew ? `Stored. Write secret:${stored.name} where it belongs.` : `"${stored.name}" has its new value.`,
    )
  }
  const copyReference = async () => {
    try {
      await navigator.clipboard.writeText(`secret:${name.trim()}`)
    } catch (error) {
      toastFailure(`The reference could not be copied: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return (
    <Dialog
      title={props.name === '' ? 'New secret' : `Secret "${props.name}"`}
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button variant="quiet" isDisabled={name.trim() === ''} onPress={copyReference}>
            Copy secret:{name.trim() || 'name'}
          </Button>
          <Button onPress={onClose}>Cancel</Button>
          <Button
            variant="primary"
            isPending={store.isRunning}
            isDisabled={name.trim() === '' || value === ''}
            onPress={act}
          >
            Store
          </Button>
        </>
      }
    >
      {props.name === '' && (
        <TextField label="Name" value={name} onChange={setName} placeholder="shop-password" isMono autoFocus />
      )}
      <TextField
        label="Value"
        type="password"
        value={value}
        onChange={setValue}
        hint="Takes effect at once, and is never shown again."
        problem={store.failure?.message ?? null}
        autoFocus={props.name !== ''}
      />
    </Dialog>
  )
}
