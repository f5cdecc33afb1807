/** Alerts of some states as a list: filtered by severity and words, grouped by a label, many at once, by keyboard. */
import { BellOff, Check, UserCheck, X } from 'lucide-react'
import { type ReactNode, useCallback, useDeferredValue, useMemo, useRef, useState } from 'react'
import type { AlertState, AlertView } from '#shared/contract/alerts.ts'
import type { Severity } from '#shared/contract/common.ts'
import { useClient } from '../../client/client-context.tsx'
import { useCall } from '../../client/use-call.ts'
import { useEvent } from '../../client/use-event.ts'
import { usePages } from '../../client/use-pages.ts'
import { useKeys } from '../../keys/use-keys.ts'
import { useMay } from '../../live/use-role.ts'
import { Link } from '../../navigation/link.tsx'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { Checkbox, Select } from '../../ui/fields.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Answer, EmptyState, Skeleton, StaleBadge } from '../../ui/placeholder.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import { AlertDialogs, type AlertQuestion } from './alert-dialogs.tsx'
import css from './alert-list.module.css'
import { type AlertGroup, groupAlerts, groupableLabels, severities, sortAlerts } from './alert-order.ts'
import { AlertRow } from './alert-row.tsx'
import { severityWords } from './alert-words.ts'
import { useAlertActions } from './use-alert-actions.ts'

interface AlertListProps {
  readonly which: 'active' | 'resolved'
  readonly onOpen: (id: string) => void
  /** False while a drawer is open over the list. */
  readonly hasKeys: boolean
}

const statesOf: Readonly<Record<AlertListProps['which'], AlertState[]>> = {
  active: ['firing', 'pending', 'recovering'],
  resolved: ['resolved'],
}
const pageSize = 200

export function AlertList({ which, onOpen, hasKeys }: AlertListProps) {
  const client = useClient()
  const mayOperate = useMay('operator')
  const [text, setText] = useState('')
  const [chosen, setChosen] = useState<readonly Severity[]>([])
  const [groupBy, setGroupBy] = useState('none')
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set())
  const [currentId, setCurrentId] = useState<string | null>(null)
  const [question, setQuestion] = useState<AlertQuestion | null>(null)
  const search = useRef<HTMLInputElement>(null)
  const actions = useAlertActions()

  const words = useDeferredValue(text.trim())
  const listed = useMemo(
    () => ({ states: statesOf[which], severities: [...chosen], text: words, limit: pageSize }),
    [which, chosen, words],
  )
  const newest = useCall('alerts.list', listed, { on: { 'alerts.changed': 'refetch' }, atMostEveryMs: 500 })
  const ask = useCallback(
    async (cursor: string) => {
      const { alerts, next } = await client.call('alerts.list', { ...listed, cursor })
      return { items: alerts, next }
    },
    [client, listed],
  )
  const first = newest.data && { items: newest.data.alerts, next: newest.data.next }
  const pages = usePages<AlertView>({ key: JSON.stringify(listed), first, ask, order: noOrder })
  // The newest page is asked for again after each event; older pages only hear of it.
  const changes = useRef(new Map<string, AlertView>())
  useEvent('alerts.changed', (alert) => changes.current.set(alert.id, alert))
  const alerts = useMemo(() => {
    const fresh = new Set(newest.data?.alerts.map(({ id }) => id))
    const known = pages.items.map((alert) => (fresh.has(alert.id) ? alert : (changes.current.get(alert.id) ?? alert)))
    return sortAlerts(known.filter(({ state }) => statesOf[which].includes(state)))
  }, [pages.items, newest.data, which])
  const groups = useMemo(() => groupAlerts(alerts, groupBy === 'none' ? null : groupBy), [alerts, groupBy])
  const inOrder = useMemo(() => groups.flatMap((group) => group.alerts), [groups])

  const current = inOrder.find(({ id }) => id === currentId)
  const marked = inOrder.filter(({ id }) => selected.has(id))
  const targets = marked.length > 0 ? marked : current ? [current] : []
  const clear = () => setSelected(new Set())
  const toggle = useCallback((id: string) => setSelected((ids) => toggledIn(ids, id)), [])
  const move = (step: number) => {
    const index = inOrder.findIndex(({ id }) => id === currentId)
    const next = inOrder[Math.max(0, Math.min(inOrder.length - 1, index + step))]
    if (!next) return
    setCurrentId(next.id)
    document.querySelector(`[data-alert="${CSS.escape(next.id)}"]`)?.scrollIntoView({ block: 'nearest' })
  }
  useKeys(
    'Alerts',
    [
      { keys: '/', title: 'Filter', run: () => search.current?.focus() },
      { keys: 'j', title: 'Next alert', run: () => move(1) },
      { keys: 'k', title: 'Previous alert', run: () => move(-1) },
    ],
    hasKeys,
  )
  useKeys(
    'Alerts',
    [
      { keys: 'Enter', title: 'Open', run: () => current && onOpen(current.id) },
      { keys: 'x', title: 'Select', run: () => current && toggle(current.id) },
    ],
    hasKeys && current !== undefined,
  )
  useKeys(
    'Alerts',
    [
      { keys: 'a', title: 'Acknowledge', run: () => setQuestion('acknowledge') },
      { keys: 's', title: 'Snooze', run: () => setQuestion('snooze') },
    ],
    hasKeys && mayOperate && which === 'active' && targets.length > 0,
  )
  useKeys('Alerts', [{ keys: 'Escape', title: 'Clear selection', run: clear }], hasKeys && selected.size > 0)

  const isFiltering = words !== '' || chosen.length > 0
  return (
    <Panel isPadded={false}>
      {marked.length > 0 && mayOperate ? (
        <div className={cx(css['bar'], css['selection'])} role="toolbar" aria-label="Selected alerts">
          <strong>{marked.length} selected</strong>
          {which === 'active' && (
            <>
              <Button size="small" icon={UserCheck} onPress={() => setQuestion('acknowledge')}>
                Acknowledge <Kbd keys="a" />
              </Button>
              <Button size="small" icon={BellOff} onPress={() => setQuestion('snooze')}>
                Snooze <Kbd keys="s" />
              </Button>
              <Button size="small" icon={Check} onPress={() => setQuestion('resolve')}>
                Resolve
              </Button>
            </>
          )}
          <Button size="small" variant="quiet" onPress={clear}>
            Clear selection <Kbd keys="Escape" />
          </Button>
        </div>
      ) : (
        <search className={cx(css['bar'])}>
          <Checkbox
            label="Select all that are shown"
            isLabelHidden
            isChecked={false}
            isDisabled={inOrder.length === 0}
            onChange={() => setSelected(new Set(inOrder.map(({ id }) => id)))}
          />
          <div className={cx(css['search'])}>
            <SearchField
              label="Filter alerts"
              placeholder="Rule, summary or label   /"
              value={text}
              onChange={setText}
              inputRef={search}
            />
          </div>
          <ul className={cx(css['filters'])} aria-label="Severity">
            {severities.map((severity) => (
              <li key={severity}>
                <button
                  type="button"
                  aria-pressed={chosen.includes(severity)}
                  className={cx(css['chip'], chosen.includes(severity) && css['on'])}
                  onClick={() => setChosen(toggledList(chosen, severity))}
                >
                  <StateMark state={severity} word={severityWords[severity]} />
                </button>
              </li>
            ))}
          </ul>
          {isFiltering && (
            <Button
              size="small"
              variant="quiet"
              icon={X}
              onPress={() => {
                setText('')
                setChosen([])
              }}
            >
              Clear
            </Button>
          )}
          <span className={cx(css['end'])}>
            <StaleBadge of={newest} />
            <Select
              label="Group by"
              isLabelHidden
              options={[
                { id: 'none', label: 'Not grouped' },
                ...groupableLabels(alerts).map((name) => ({
                  id: name,
                  label: name === 'alertname' ? 'By rule' : `By ${name}`,
                })),
              ]}
              value={groupBy}
              onChange={setGroupBy}
            />
          </span>
        </search>
      )}
      <Answer
        of={newest}
        what="Alerts"
        loading={
          <div className={cx(css['loading'])}>
            <Skeleton lines={6} />
          </div>
        }
      >
        {() => (
          <div>
            {inOrder.length === 0 && <Nothing which={which} isFiltering={isFiltering} />}
            {groups.map((group) => (
              <Group key={group.key ?? ''} group={group} label={groupBy}>
                {group.alerts.map((alert) => (
                  <AlertRow
                    key={alert.id}
                    alert={alert}
                    isSelected={selected.has(alert.id)}
                    isCurrent={alert.id === currentId}
                    onSelect={toggle}
                    onOpen={onOpen}
                  />
                ))}
              </Group>
            ))}
            {(pages.hasMore || pages.failure) && (
              <div className={cx(css['more'])}>
                {pages.failure && <span role="alert">{pages.failure.message}</span>}
                <Button size="small" isPending={pages.isLoading} onPress={pages.more}>
                  Show more
                </Button>
              </div>
            )}
          </div>
        )}
      </Answer>
      <AlertDialogs
        question={question}
        alerts={targets}
        actions={{
          ...actions,
          acknowledge: (...args) => actions.acknowledge(...args).finally(clear),
          snooze: (...args) => actions.snooze(...args).finally(clear),
          resolve: (...args) => actions.resolve(...args).finally(clear),
        }}
        onClose={() => setQuestion(null)}
      />
    </Panel>
  )
}

function Group(props: { readonly group: AlertGroup; readonly label: string; readonly children: ReactNode }) {
  const { group, label, children } = props
  if (label === 'none') return <ul>{children}</ul>
  return (
    <section aria-label={group.key ?? `Without ${label}`}>
      <h3 className={cx(css['groupTitle'])}>
        {group.key ?? `Without ${label}`}
        <span className={cx(css['muted'])}>{group.alerts.length}</span>
      </h3>
      <ul>{children}</ul>
    </section>
  )
}

function Nothing({ which, isFiltering }: { readonly which: AlertListProps['which']; readonly isFiltering: boolean }) {
  if (isFiltering) return <EmptyState title="No alert matches">Other severities or words may have some.</EmptyState>
  if (which === 'resolved')
    return <EmptyState title="Nothing has been resolved yet">Alerts come here when their condition clears.</EmptyState>
  return (
    <EmptyState icon={Check} title="All quiet" action={<Link to="rules">See what is watched</Link>}>
      No rule holds at the moment.
    </EmptyState>
  )
}

/** sortAlerts knows the whole order; pages only gather. */
const noOrder = () => 0

function toggledIn(ids: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(ids)
  if (!next.delete(id)) next.add(id)
  return next
}

function toggledList<T>(values: readonly T[], value: T): readonly T[] {
  return values.includes(value) ? values.filter((other) => other !== value) : [...values, value]
}
