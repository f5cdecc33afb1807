/** All dashboards: those that ship, those of one's own, and ways to get more. */
import { ArchiveRestore, Import, LayoutDashboard, Plus } from 'lucide-react'
import { useMemo, useRef, useState } from 'react'
import type { DashboardSummary } from '#shared/contract/dashboards.ts'
import { useCall } from '../../client/use-call.ts'
import { useCommand } from '../../client/use-command.ts'
import { formatAgo } from '../../format/duration.ts'
import { useNow } from '../../format/use-now.ts'
import { useKeys } from '../../keys/use-keys.ts'
import { useMay } from '../../live/use-role.ts'
import { Link } from '../../navigation/link.tsx'
import { navigate, replaceQuery, usePlace } from '../../navigation/location.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Segmented, TextField } from '../../ui/fields.tsx'
import { Menu } from '../../ui/menu.tsx'
import { ScreenHeader } from '../../ui/panel.tsx'
import { Answer, EmptyState, StaleBadge } from '../../ui/placeholder.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { toast, toastFailure } from '../../ui/toasts.ts'
import { AddToBoard } from './add-to-board.tsx'
import { emptyBoard } from './board-from.ts'
import css from './dashboards.module.css'
import { ImportDialog } from './import-dialog.tsx'

type Origins = 'all' | 'own' | 'shipped'
const origins = [
  { id: 'all', label: 'All' },
  { id: 'own', label: 'Own' },
  { id: 'shipped', label: 'Shipped' },
] as const

export function DashboardsScreen() {
  const list = useCall('dashboards.list', {}, { on: { 'dashboards.changed': 'refetch' } })
  const query = usePlace()?.query
  const isOperator = useMay('operator')
  const search = useRef<HTMLInputElement>(null)
  const [text, setText] = useState('')
  const [origin, setOrigin] = useState<Origins>('all')
  const [tags, setTags] = useState<readonly string[]>([])
  const [isImporting, setImporting] = useState(false)
  const isMaking = query?.get('new') === 'yes'
  const added = query?.get('add') ?? null
  const make = () => replaceQuery({ new: 'yes' })
  useKeys('Dashboards', [{ keys: '/', title: 'Find a dashboard', run: () => search.current?.focus() }])
  useKeys('Dashboards', [{ keys: 'n', title: 'New dashboard', run: make }], isOperator)

  const known = useMemo(
    () => [...new Set((list.data?.boards ?? []).flatMap((board) => board.tags))].sort(),
    [list.data],
  )
  return (
    <div className={cx(css['screen'])}>
      <ScreenHeader
        title="Dashboards"
        note={<StaleBadge of={list} />}
        actions={
          isOperator && (
            <>
              <RemovedMenu />
              <Button icon={Import} onPress={() => setImporting(true)}>
                Import
              </Button>
              <Button icon={Plus} onPress={make}>
                New dashboard
              </Button>
            </>
          )
        }
      />
      <div className={cx(css['tools'])}>
        <div className={cx(css['search'])}>
          <SearchField label="Find a dashboard" value={text} onChange={setText} inputRef={search} />
        </div>
        <Segmented label="Whose" isLabelHidden options={origins} value={origin} onChange={setOrigin} />
        {known.map((tag) => (
          <button
            key={tag}
            type="button"
            className={cx(css['tag'])}
            aria-pressed={tags.includes(tag)}
            onClick={() =>
              setTags((before) => (before.includes(tag) ? before.filter((one) => one !== tag) : [...before, tag]))
            }
          >
            {tag}
          </button>
        ))}
      </div>
      <Answer of={list} what="Dashboards">
        {({ boards, problems }) => {
          const found = boards.filter((board) => isFound(board, text, origin, tags))
          return (
            <>
              {problems.length > 0 && (
                <ul className={cx(css['problems'])} aria-label="Files that are no dashboards">
                  {problems.map(({ file, line, path, message }) => (
                    <li key={`${file} ${line} ${path} ${message}`}>
                      <code>
                        {file}
                        {line !== null && `:${line}`}
                      </code>{' '}
                      {path && <code>{path}</code>} {message}
                    </li>
                  ))}
                </ul>
              )}
              {found.length > 0 ? (
                <ul className={cx(css['boards'])} aria-label="Dashboards">
                  {found.map((board) => (
                    <li key={board.uid}>
                      <BoardCard board={board} />
                    </li>
                  ))}
                </ul>
              ) : (
                <EmptyState icon={LayoutDashboard} title="No dashboard is like that">
                  {boards.length === 0 ? 'Make one, or import one of Grafana.' : 'Search for less, or for other tags.'}
                </EmptyState>
              )}
            </>
          )
        }}
      </Answer>
      {isImporting && <ImportDialog onClose={() => setImporting(false)} />}
      {isMaking && <NewBoard onClose={() => replaceQuery({ new: undefined })} />}
      {added !== null && (
        <AddToBoard text={added} boards={list.data?.boards ?? []} onClose={() => replaceQuery({ add: undefined })} />
      )}
    </div>
  )
}

const originWords = { shipped: 'ships with Belfry', changed: 'shipped, changed here', own: '' } as const

function BoardCard({ board }: { readonly board: DashboardSummary }) {
  const now = useNow()
  const { uid, title, description, tags, panels, origin, changedAt } = board
  return (
    <Link to="dashboard" params={{ uid }} className={cx(css['board'])}>
      <span className={cx(css['name'])}>{title}</span>
      {description && <span className={cx(css['note'])}>{description}</span>}
      <span className={cx(css['foot'])}>
        <span className={cx(css['note'])}>
          {[
            panels === 1 ? 'one panel' : `${panels} panels`,
            originWords[origin],
            changedAt === null ? '' : `changed ${formatAgo(changedAt, now)}`,
          ]
            .filter(Boolean)
            .join(' · ')}
        </span>
        {tags.map((tag) => (
          <Badge key={tag}>{tag}</Badge>
        ))}
      </span>
    </Link>
  )
}

function isFound(board: DashboardSummary, text: string, origin: Origins, tags: readonly string[]): boolean {
  const words = `${board.title} ${board.description} ${board.tags.join(' ')}`.toLowerCase()
  const isWhose = origin === 'all' || (origin === 'shipped') === (board.origin !== 'own')
  return isWhose && words.includes(text.trim().toLowerCase()) && tags.every((tag) => board.tags.includes(tag))
}

function NewBoard({ onClose }: { readonly onClose: () => void }) {
  const [title, setTitle] = useState('')
  const creating = useCommand('dashboards.create')
  const create = async () => {
    const made = await creating.run({ board: emptyBoard(title) })
    if (made) navigate('dashboard', { uid: made.board.uid })
  }
  return (
    <Dialog
      title="New dashboard"
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button
            variant="primary"
            isDisabled={title.trim() === ''}
            isPending={creating.isRunning}
            onPress={() => void create()}
          >
            Make it
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (title.trim() !== '') void create()
        }}
      >
        <TextField
          label="Title"
          autoFocus
          value={title}
          onChange={setTitle}
          problem={creating.failure?.message ?? null}
        />
      </form>
    </Dialog>
  )
}

/** Boards that were removed, to be brought back. */
function RemovedMenu() {
  const removed = useCall('dashboards.removed', {}, { on: { 'dashboards.changed': 'refetch' } })
  const restoring = useCommand('dashboards.restore')
  const now = useNow()
  if (!removed.data || removed.data.length === 0) return null
  const restore = async (uid: string, revision: string) => {
    const back = await restoring.run({ uid, revision })
    if (!back) return toastFailure('The dashboard could not be brought back.')
    toast(`"${back.board.title}" is back.`)
    navigate('dashboard', { uid: back.board.uid })
  }
  return (
    <Menu
      label="Removed dashboards"
      trigger={
        <Button variant="quiet" icon={ArchiveRestore}>
          Removed
        </Button>
      }
      entries={removed.data.slice(0, 20).map(({ uid, revision, title, at }) => ({
        id: `${uid} ${revision}`,
        label: `Bring back "${title}", of ${formatAgo(at, now)}`,
        onAction: () => void restore(uid, revision),
      }))}
    />
  )
}
