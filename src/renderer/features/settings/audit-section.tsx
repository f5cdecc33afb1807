/** Who did what: the audit log, filtered, a page at a time, proved by its chain, and as a file. */
import { Download, ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import type { AuditEntryView } from '#shared/contract/audit.ts'
import { useClient } from '../../client/client-context.tsx'
import { useCall } from '../../client/use-call.ts'
import { useCommand } from '../../client/use-command.ts'
import { formatInstant } from '../../format/instant.ts'
import { formatCount } from '../../format/unit.ts'
import { useMay } from '../../live/use-role.ts'
import { useZone } from '../../theme/appearance.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { TextField } from '../../ui/fields.tsx'
import { Menu } from '../../ui/menu.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Answer, EmptyState, StaleBadge } from '../../ui/placeholder.tsx'
import { saveFile } from '../../ui/save-file.ts'
import { StateMark } from '../../ui/state-mark.tsx'
import { Cell, HeaderCell, Row, Table } from '../../ui/table.tsx'
import { toast, toastFailure } from '../../ui/toasts.ts'
import css from './care.module.css'
import { SettingBlock } from './setting-row.tsx'

const pageSize = 100
const noFilter = { actor: '', action: '', text: '' }
type Filter = typeof noFilter

export function AuditSection() {
  const isAdmin = useMay('admin')
  return (
    <SettingBlock keywords="audit log who did what chain verify export history security">
      {isAdmin ? (
        <AuditLog />
      ) : (
        <Panel title="Audit log">
          <EmptyState title="Only an admin sees the audit log">Your role here does not suffice.</EmptyState>
        </Panel>
      )}
    </SettingBlock>
  )
}

function AuditLog() {
  const [filter, setFilter] = useState<Filter>(noFilter)
  const [older, setOlder] = useState<{
    readonly entries: readonly AuditEntryView[]
    readonly next: string | null
  } | null>(null)
  const first = useCall('audit.list', { limit: pageSize, cursor: null, filter }, { everyMs: 30_000 })
  const more = useCommand('audit.list')
  const change = (part: Partial<Filter>) => {
    setFilter({ ...filter, ...part })
    setOlder(null)
  }
  const next = older ? older.next : (first.data?.next ?? null)
  const load = async () => {
    const page = await more.run({ limit: pageSize, cursor: next, filter })
    if (page) setOlder({ entries: [...(older?.entries ?? []), ...page.entries], next: page.next })
  }
  return (
    <Panel
      title="Audit log"
      note={<StaleBadge of={first} />}
      isPadded={false}
      actions={
        <>
          <Verify />
          <Export filter={filter} />
        </>
      }
    >
      <div className={cx(css['filter'])}>
        <TextField
          label="Who"
          value={filter.actor}
          onChange={(actor) => change({ actor })}
          placeholder="token:grafana"
        />
        <TextField label="Did" value={filter.action} onChange={(action) => change({ action })} placeholder="check." />
        <TextField label="To what" value={filter.text} onChange={(text) => change({ text })} />
      </div>
      <Answer of={first} what="The audit log">
        {(data) => <Entries entries={[...data.entries, ...(older?.entries ?? [])]} isFiltered={filter !== noFilter} />}
      </Answer>
      {next !== null && (
        <div className={cx(css['more'])}>
          <Button size="small" isPending={more.isRunning} onPress={load}>
            Older entries
          </Button>
          {more.failure && <span role="alert">{more.failure.message}</span>}
        </div>
      )}
    </Panel>
  )
}

function Entries({
  entries,
  isFiltered,
}: {
  readonly entries: readonly AuditEntryView[]
  readonly isFiltered: boolean
}) {
  const zone = useZone()
  if (entries.length === 0) {
    return isFiltered ? (
      <EmptyState title="Nothing fits">Clear a field to see more.</EmptyState>
    ) : (
      <EmptyState title="Nothing yet">Changes, logins, exports and secrets leave an entry here.</EmptyState>
    )
  }
  return (
    <Table label="Audit log">
      <thead>
        <tr>
          <HeaderCell isNumber>No.</HeaderCell>
          <HeaderCell>At</HeaderCell>
          <HeaderCell>Who</HeaderCell>
          <HeaderCell>Did</HeaderCell>
          <HeaderCell>To what</HeaderCell>
        </tr>
      </thead>
      <tbody>
        {entries.map(({ sequence, at, actor, action, subject, detail }) => (
          <Row key={sequence}>
            <Cell isNumber isMuted>
              {sequence}
            </Cell>
            <Cell>{formatInstant(at, zone)}</Cell>
            <Cell>{actor}</Cell>
            <Cell>{action}</Cell>
            <Cell className={cx(css['wrapped'], css['detail'])}>
              {subject} <span className={cx(css['muted'])}>{detailText(detail)}</span>
            </Cell>
          </Row>
        ))}
      </tbody>
    </Table>
  )
}

function detailText(detail: AuditEntryView['detail']): string {
  return Object.entries(detail)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ')
}

function Verify() {
  const verify = useCommand('audit.verify')
  const [verdict, setVerdict] = useState<{ readonly entries: number; readonly brokenAt: number | null } | null>(null)
  const act = async () => setVerdict(await verify.run({}))
  return (
    <>
      <span role="status">
        {verdict &&
          (verdict.brokenAt === null ? (
            <StateMark state="up" word={`${formatCount(verdict.entries)} entries, unbroken`} />
          ) : (
            <StateMark state="down" word={`broken at no. ${verdict.brokenAt}`} />
          ))}
        {verify.failure?.message}
      </span>
      <Button size="small" icon={ShieldCheck} isPending={verify.isRunning} onPress={act}>
        Verify
      </Button>
    </>
  )
}

function Export({ filter }: { readonly filter: Filter }) {
  const client = useClient()
  const save = async (format: 'csv' | 'json') => {
    try {
      const pages: string[] = []
      let entries = 0
      for (let cursor: string | null = null, isLast = false; !isLast; ) {
        const page: { text: string; entries: number; next: string | null } = await client.call('audit.export', {
          format,
          cursor,
          filter,
        })
        pages.push(page.text)
        entries += page.entries
        cursor = page.next
        isLast = cursor === null
      }
      saveFile(
        `belfry-audit.${format === 'csv' ? 'csv' : 'jsonl'}`,
        pages,
        format === 'csv' ? 'text/csv' : 'application/jsonl',
      )
      toast(`${formatCount(entries)} entries exported.`)
    } catch (error) {
      toastFailure(error instanceof Error ? error.message : String(error))
    }
  }
  return (
    <Menu
      label="Export"
      trigger={
        <Button size="small" icon={Download}>
          Export
        </Button>
      }
      entries={[
        { id: 'csv', label: 'CSV, for spreadsheets', onAction: () => void save('csv') },
        { id: 'json', label: 'JSON lines, for programs', onAction: () => void save('json') },
      ]}
    />
  )
}
