import { Copy, Plus } from 'lucide-react'
import { useState } from 'react'
import { type GrantableRole, grantableRoles } from '#shared/contract/define.ts'
import type { TokenView } from '#shared/contract/settings.ts'
import { useCall } from '../../client/use-call.ts'
import { useCommand } from '../../client/use-command.ts'
import { formatAgo } from '../../format/duration.ts'
import { formatInstant } from '../../format/instant.ts'
import { useNow } from '../../format/use-now.ts'
import { useMay } from '../../live/use-role.ts'
import { useZone } from '../../theme/appearance.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Select, TextField } from '../../ui/fields.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Answer, EmptyState } from '../../ui/placeholder.tsx'
import { Cell, HeaderCell, Row, Table } from '../../ui/table.tsx'
import { toast, toastFailure } from '../../ui/toasts.ts'
import { SettingBlock } from './setting-row.tsx'
import css from './settings.module.css'

const roleHints: Readonly<Record<GrantableRole, string>> = {
  viewer: 'Sees everything, changes nothing',
  operator: 'Also runs and edits checks and rules, handles alerts',
  admin: 'Also changes settings and tokens',
}

export function SecuritySection() {
  const isAdmin = useMay('admin')
  const tokens = useCall('tokens.list', {}, { isEnabled: isAdmin })
  const [isCreating, setCreating] = useState(false)
  return (
    <SettingBlock keywords="security api tokens access roles secret">
      <Panel
        title="API tokens"
        note="For programs that read or steer this console"
        isPadded={false}
        actions={
          isAdmin && (
            <Button size="small" icon={Plus} onPress={() => setCreating(true)}>
              New token
            </Button>
          )
        }
      >
        {isAdmin ? (
          <Answer of={tokens} what="Tokens">
            {(list) => <Tokens tokens={list} onChanged={tokens.refetch} />}
          </Answer>
        ) : (
          <EmptyState title="Only an admin sees tokens">Your role here does not suffice.</EmptyState>
        )}
      </Panel>
      {isCreating && <NewToken onClose={() => setCreating(false)} onCreated={tokens.refetch} />}
    </SettingBlock>
  )
}

function Tokens({ tokens, onChanged }: { readonly tokens: readonly TokenView[]; readonly onChanged: () => void }) {
  const zone = useZone()
  const now = useNow()
  const [ending, setEnding] = useState<TokenView | null>(null)
  if (tokens.length === 0)
    return <EmptyState title="No token yet">Without one only this window and a login link have access.</EmptyState>
  return (
    <>
      <Table label="API tokens">
        <thead>
          <tr>
            <HeaderCell>Name</HeaderCell>
            <HeaderCell>Role</HeaderCell>
            <HeaderCell>Created</HeaderCell>
            <HeaderCell>Expires</HeaderCell>
            <HeaderCell>Last used</HeaderCell>
            <HeaderCell isNumber>{''}</HeaderCell>
          </tr>
        </thead>
        <tbody>
          {tokens.map((token) => (
            <Row key={token.id}>
              <Cell>{token.name}</Cell>
              <Cell>{token.role}</Cell>
              <Cell isMuted>{formatInstant(token.createdAt, zone)}</Cell>
              <Cell isMuted>{token.expiresAt === null ? 'never' : formatAgo(token.expiresAt, now)}</Cell>
              <Cell isMuted>{token.lastUsedAt === null ? 'not yet' : formatAgo(token.lastUsedAt, now)}</Cell>
              <Cell isNumber>
                <Button size="small" onPress={() => setEnding(token)} aria-label={`Revoke ${token.name}`}>
                  Revoke
                </Button>
              </Cell>
            </Row>
          ))}
        </tbody>
      </Table>
      {ending && <Revoke token={ending} onClose={() => setEnding(null)} onRevoked={onChanged} />}
    </>
  )
}

/** Asked, for there is no way back: the secret is known to nobody but its holder. */
function Revoke(props: { readonly token: TokenView; readonly onClose: () => void; readonly onRevoked: () => void }) {
  const { token, onClose, onRevoked } = props
  const revoke = useCommand('tokens.revoke')
  const act = async () => {
    if (!(await revoke.run({ id: token.id }))) return
    onClose()
    onRevoked()
    toast(`"${token.name}" has no access any more.`)
  }
  return (
    <Dialog
      title={`Revoke "${token.name}"?`}
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button variant="danger" isPending={revoke.isRunning} onPress={act}>
            Revoke
          </Button>
        </>
      }
    >
      <p>Whoever uses it is refused from now on. This cannot be undone.</p>
      {revoke.failure && <p className={cx(css['problem'])}>{revoke.failure.message}</p>}
    </Dialog>
  )
}

const dayMs = 86_400_000
const lifetimes = [
  { id: 'never', label: 'Never', days: null },
  { id: '30', label: 'In 30 days', days: 30 },
  { id: '90', label: 'In 90 days', days: 90 },
  { id: '365', label: 'In a year', days: 365 },
] as const

function NewToken({ onClose, onCreated }: { readonly onClose: () => void; readonly onCreated: () => void }) {
  const now = useNow()
  const [name, setName] = useState('')
  const [role, setRole] = useState<GrantableRole>('viewer')
  const [lifetime, setLifetime] = useState<(typeof lifetimes)[number]['id']>('never')
  const [secret, setSecret] = useState<string | null>(null)
  const create = useCommand('tokens.create')
  const act = async () => {
    const days = lifetimes.find(({ id }) => id === lifetime)?.days ?? null
    const made = await create.run({ name, role, expiresAt: days === null ? null : now + days * dayMs })
    if (!made) return
    setSecret(made.secret)
    onCreated()
  }
  if (secret !== null) return <SecretOnce name={name} secret={secret} onClose={onClose} />
  const nameProblem = create.failure?.issues.find(({ path }) => path === 'name')?.message ?? null
  return (
    <Dialog title="New API token" isOpen onClose={onClose}>
      <form
        className={cx(css['dialogForm'])}
        onSubmit={(event) => {
          event.preventDefault()
          void act()
        }}
      >
        <TextField
          label="Name"
          hint="Who or what uses it"
          isRequired
          value={name}
          onChange={setName}
          problem={nameProblem}
          placeholder="grafana"
          autoFocus
        />
        <Select
          label="Role"
          options={grantableRoles.map((id) => ({ id, label: id, hint: roleHints[id] }))}
          value={role}
          onChange={setRole}
          hint={roleHints[role]}
        />
        <Select
          label="Expires"
          options={lifetimes.map(({ id, label }) => ({ id, label }))}
          value={lifetime}
          onChange={setLifetime}
        />
        {create.failure && !nameProblem && (
          <p className={cx(css['problem'])} role="alert">
            {create.failure.message}
          </p>
        )}
        <div className={cx(css['buttons'])}>
          <Button onPress={onClose}>Cancel</Button>
          <Button variant="primary" type="submit" isPending={create.isRunning}>
            Create
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

function SecretOnce(props: { readonly name: string; readonly secret: string; readonly onClose: () => void }) {
  const { name, secret, onClose } = props
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(secret)
      toast('Copied.')
    } catch {
      // The browser may forbid it; the text can still be selected by hand.
      toastFailure('The browser did not allow copying. Select the text and copy it by hand.')
    }
  }
  return (
    <Dialog
      title={`Token "${name}"`}
      isOpen
      onClose={onClose}
      footer={
        <Button variant="primary" onPress={onClose}>
          I have stored it
        </Button>
      }
    >
      <div className={cx(css['dialogForm'])}>
        <p>This is shown once. Belfry keeps only a hash of it.</p>
        <div className={cx(css['secret'])}>
          <code>{secret}</code>
          <Button icon={Copy} onPress={copy} autoFocus>
            Copy
          </Button>
        </div>
      </div>
    </Dialog>
  )
}
