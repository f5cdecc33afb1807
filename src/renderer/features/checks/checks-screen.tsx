/** All checks: the worst first, filtered by what the address says, many at once where wanted. */
import { Activity, Plus, SearchX } from 'lucide-react'
import { useCallback, useDeferredValue, useMemo, useRef, useState } from 'react'
import type { CheckView } from '#shared/contract/checks.ts'
import type { CallState } from '../../client/use-call.ts'
import { formatCount } from '../../format/unit.ts'
import { useKeys } from '../../keys/use-keys.ts'
import { useChecks } from '../../live/use-checks.ts'
import { navigate, replaceQuery, usePlace } from '../../navigation/location.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { Panel, ScreenHeader } from '../../ui/panel.tsx'
import { EmptyState, FailedState, Skeleton, StaleBadge } from '../../ui/placeholder.tsx'
import { BulkEdit } from './bulk-edit.tsx'
import { facetsOf, filterChecks, filterFromQuery, isFiltering, noFilter, queryOfFilter } from './check-filter.ts'
import { type CheckSort, sortChecks, worstFirst } from './check-order.ts'
import { CheckTable } from './check-table.tsx'
import { CheckFilters, SelectionBar } from './check-toolbar.tsx'
import css from './checks-screen.module.css'
import { useCheckActions } from './use-check-actions.ts'
import { useCheckHistories } from './use-check-histories.ts'

export function ChecksScreen() {
  const checks = useChecks()
  return (
    <div className={cx(css['screen'])}>
      <ScreenHeader
        title="Checks"
        note={
          <>
            {checks.data && checks.data.length > 0 && `${formatCount(checks.data.length)} in all `}
            <StaleBadge of={checks} />
          </>
        }
        actions={
          <Button variant="primary" icon={Plus} onPress={() => navigate('checkNew')}>
            New check
          </Button>
        }
      />
      <Panel isPadded={false} className={cx(css['panel'])}>
        <Content checks={checks} />
      </Panel>
    </div>
  )
}

function Content({ checks }: { readonly checks: CallState<CheckView[]> }) {
  useKeys('Checks', [{ keys: 'n', title: 'New check', run: () => navigate('checkNew') }])
  if (checks.data === null) {
    if (checks.failure) return <FailedState what="Checks" failure={checks.failure} onRetry={checks.refetch} />
    return (
      <div className={cx(css['loading'])}>
        <Skeleton lines={12} />
      </div>
    )
  }
  if (checks.data.length === 0)
    return (
      <EmptyState
        icon={Activity}
        title="Nothing is checked yet"
        action={
          <Button variant="primary" icon={Plus} onPress={() => navigate('checkNew')}>
            Add the first check
          </Button>
        }
      >
        A check probes a web page, a port or a host, and says when it stops answering.
      </EmptyState>
    )
  return <CheckList all={checks.data} isStale={checks.isStale} />
}

function CheckList({ all, isStale }: { readonly all: readonly CheckView[]; readonly isStale: boolean }) {
  const place = usePlace()
  const query = place?.query.toString() ?? ''
  const filter = useMemo(() => filterFromQuery(new URLSearchParams(query)), [query])
  const wanted = useDeferredValue(filter)
  const [sort, setSort] = useState<CheckSort>(worstFirst)
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [currentId, setCurrentId] = useState<string | null>(null)
  const [inSight, setInSight] = useState<readonly CheckView[]>([])
  const search = useRef<HTMLInputElement>(null)
  const [isEditing, setEditing] = useState(false)
  const actions = useCheckActions()

  const filtered = useMemo(() => filterChecks(all, wanted), [all, wanted])
  // To sort by uptime all of them must be known; else only those in sight.
  const { histories, failure } = useCheckHistories(sort.column === 'uptime' ? filtered : inSight)
  const sortedBy = sort.column === 'uptime' ? histories : noHistories
  const shown = useMemo(() => sortChecks(filtered, sort, sortedBy), [filtered, sort, sortedBy])
  const facets = useMemo(() => facetsOf(all, wanted), [all, wanted])
  const chosen = useMemo(() => all.filter(({ id }) => selected.has(id)), [all, selected])

  const clear = useCallback(() => setSelected(new Set()), [])
  const move = (step: number) => {
    const index = shown.findIndex(({ id }) => id === currentId)
    const next = shown[Math.max(0, Math.min(shown.length - 1, index < 0 && step < 0 ? 0 : index + step))]
    if (next) setCurrentId(next.id)
  }
  const current = shown.find(({ id }) => id === currentId)
  const targets = chosen.length > 0 ? chosen : current ? [current] : []
  useKeys('Checks', [
    { keys: '/', title: 'Filter', run: () => search.current?.focus() },
    { keys: 'j', title: 'Next check', run: () => move(1) },
    { keys: 'k', title: 'Previous check', run: () => move(-1) },
  ])
  useKeys(
    'Checks',
    [
      { keys: 'x', title: 'Select', run: () => current && setSelected(toggledIn(selected, current.id)) },
      { keys: 'Enter', title: 'Open', run: () => current && navigate('check', { id: current.id }) },
      {
        keys: 'e',
        title: 'Edit',
        run: () => (chosen.length > 1 ? setEditing(true) : current && navigate('checkEdit', { id: current.id })),
      },
    ],
    current !== undefined,
  )
  useKeys(
    'Checks',
    [
      { keys: 'r', title: 'Run now', run: () => void actions.runNow(targets) },
      {
        keys: 'P',
        title: 'Pause or resume',
        run: () => void actions.setEnabled(targets, !targets.some(({ enabled }) => enabled)),
      },
    ],
    targets.length > 0,
  )
  useKeys('Checks', [{ keys: 'Escape', title: 'Clear selection', run: clear }], selected.size > 0)

  return (
    <>
      {isEditing && (
        <BulkEdit
          checks={chosen}
          onClose={() => setEditing(false)}
          onDone={() => {
            setEditing(false)
            clear()
          }}
        />
      )}
      {chosen.length > 0 ? (
        <SelectionBar selected={chosen} actions={actions} onEdit={() => setEditing(true)} onClear={clear} />
      ) : (
        <CheckFilters
          filter={filter}
          facets={facets}
          onFilter={(next) => replaceQuery(queryOfFilter(next))}
          searchRef={search}
        />
      )}
      {failure && (
        <p className={cx(css['note'])} role="status">
          Heartbeats and uptime could not be refreshed: {failure.message}
        </p>
      )}
      {shown.length === 0 && isFiltering(wanted) ? (
        <EmptyState
          icon={SearchX}
          title="No check matches"
          action={<Button onPress={() => replaceQuery(queryOfFilter(noFilter))}>Clear the filter</Button>}
        >
          None of {formatCount(all.length)} checks has all of what is asked for.
        </EmptyState>
      ) : (
        <div className={cx(css['list'], isStale && css['stale'])}>
          <CheckTable
            checks={shown}
            histories={histories}
            sort={sort}
            onSort={setSort}
            selected={selected}
            onSelect={setSelected}
            currentId={currentId}
            onInSight={setInSight}
          />
        </div>
      )}
    </>
  )
}

const noHistories = new Map<string, never>()

function toggledIn(ids: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(ids)
  if (!next.delete(id)) next.add(id)
  return next
}
