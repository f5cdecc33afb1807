/** One collector in depth: how it stands, the charts that tell most of it, and everything it read last. */
import { Ellipsis, Pause, Pencil, Play, RotateCw, Trash2 } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { CollectorStatus } from '#shared/contract/collectors.ts'
import { useCall } from '../../client/use-call.ts'
import { formatAge, formatAgo, formatDuration } from '../../format/duration.ts'
import { formatInstant } from '../../format/instant.ts'
import { formatCount, formatValue } from '../../format/unit.ts'
import { useNow } from '../../format/use-now.ts'
import { useKeys } from '../../keys/use-keys.ts'
import { useMay } from '../../live/use-role.ts'
import { Link } from '../../navigation/link.tsx'
import { navigate } from '../../navigation/location.ts'
import { useZone } from '../../theme/appearance.ts'
import { TimeRangePicker } from '../../time-range/time-range-picker.tsx'
import { LabelChip } from '../../ui/badge.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { Menu } from '../../ui/menu.tsx'
import { Panel } from '../../ui/panel.tsx'
import { Answer, EmptyState, FailedState, Skeleton, StaleBadge } from '../../ui/placeholder.tsx'
import { ProblemBox } from '../../ui/problem-box.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import { CollectorCharts } from './collector-charts.tsx'
import { isOld, markOf, wordOf } from './collector-words.ts'
import css from './collectors.module.css'
import { MetricList } from './metric-list.tsx'
import { useCollectorActions } from './use-collector-actions.ts'

export function CollectorScreen({ id }: { readonly id: string }) {
  const collector = useCall(
    'collectors.get',
    { id },
    {
      on: {
        'collectors.changed': (known, changed) => (changed.id === id ? changed : known),
        'collectors.removed': 'refetch',
      },
    },
  )
  if (collector.failure?.code === 'not-found')
    return (
      <EmptyState title="This collector is gone" action={<Link to="collectors">All collectors</Link>}>
        It was removed, or the link is from another console.
      </EmptyState>
    )
  if (!collector.data) {
    if (collector.failure)
      return <FailedState what="The collector" failure={collector.failure} onRetry={collector.refetch} />
    return <Skeleton lines={10} />
  }
  return (
    <div className={cx(css['screen'])}>
      <Page collector={collector.data} stale={<StaleBadge of={collector} />} />
    </div>
  )
}

function Page({ collector, stale }: { readonly collector: CollectorStatus; readonly stale: ReactNode }) {
  const { id, name, enabled, problems } = collector
  const actions = useCollectorActions()
  const mayOperate = useMay('operator')
  const kinds = useCall('collectors.kinds', {})
  const kind = kinds.data?.find((one) => one.kind === collector.kind)
  const [isRunning, setRunning] = useState(false)
  const run = async () => {
    setRunning(true)
    await actions.run(collector)
    setRunning(false)
  }
  const remove = async () => {
    if (await actions.remove(collector)) navigate('collectors')
  }
  const edit = () => navigate('collectorEdit', { id })
  const toggle = () => void actions.setEnabled(collector, !enabled)
  useKeys(
    'Collector',
    [
      { keys: 'r', title: 'Run now', run: () => void run() },
      { keys: 'e', title: 'Edit', run: edit },
      { keys: 'P', title: 'Pause or resume', run: toggle },
    ],
    mayOperate,
  )
  return (
    <>
      <header className={cx(css['header'])}>
        <div className={cx(css['identity'])}>
          <h1 className={cx(css['title'])}>{name}</h1>
          <p className={cx(css['address'])}>
            {kind?.title ?? collector.kind} · <code>{collector.target}</code>
          </p>
        </div>
        <div className={cx(css['actions'])}>
          {stale}
          {mayOperate && (
            <>
              <Button icon={RotateCw} isPending={isRunning} onPress={run}>
                {isRunning ? 'Running' : 'Run now'}
              </Button>
              <Button icon={enabled ? Pause : Play} onPress={toggle}>
                {enabled ? 'Pause' : 'Resume'}
              </Button>
              <Button icon={Pencil} onPress={edit}>
                Edit
              </Button>
              <Menu
                label="More"
                trigger={<IconButton label="More" icon={Ellipsis} />}
                entries={[
                  { id: 'remove', label: 'Remove', icon: Trash2, tone: 'danger', onAction: () => void remove() },
                ]}
              />
            </>
          )}
          <TimeRangePicker />
        </div>
      </header>
      <Standing collector={collector} />
      {problems.length > 0 && (
        <ProblemBox isPartial>
          {problems.map((problem) => (
            <p key={problem}>{problem}</p>
          ))}
        </ProblemBox>
      )}
      {kinds.data && <CollectorCharts id={id} charts={kind?.charts ?? []} />}
      <LatestPanel collector={collector} />
    </>
  )
}

/** How it stands now: state, since when, why, how old what is shown is, and what the service is. */
function Standing({ collector }: { readonly collector: CollectorStatus }) {
  const now = useNow()
  const zone = useZone()
  const { stateSince, reason, lastAt, lastDurationMs, nextRunAt, everyMs, samples, facts, labels } = collector
  const next = nextRunAt === null ? 'paused' : nextRunAt <= now ? 'next now' : `next ${formatAgo(nextRunAt, now)}`
  return (
    <dl className={cx(css['standing'])}>
      <div className={cx(css['fact'], css['state'])}>
        <dt>State</dt>
        <dd>
          <StateMark state={markOf(collector)} word={wordOf(collector)} size={16} />
        </dd>
        <dd className={cx(css['detail'])} title={formatInstant(stateSince, zone)}>
          {now - stateSince < 1000 ? 'just now' : `for ${formatDuration(now - stateSince)}`}
        </dd>
      </div>
      <div className={cx(css['fact'], css['why'])}>
        <dt>Why</dt>
        <dd>{reason.message}</dd>
      </div>
      <div className={cx(css['fact'])}>
        <dt>Last run</dt>
        <dd>
          {lastAt === null
            ? 'not yet'
            : isOld(collector, now)
              ? `${formatAge(now - lastAt)} old`
              : formatAgo(lastAt, now)}
        </dd>
        <dd className={cx(css['detail'])}>
          {next}, every {formatDuration(everyMs)}
        </dd>
      </div>
      {lastDurationMs !== null && (
        <div className={cx(css['fact'])}>
          <dt>Read</dt>
          <dd>{formatCount(samples)} samples</dd>
          <dd className={cx(css['detail'])}>in {formatValue(lastDurationMs, 'milliseconds')}</dd>
        </div>
      )}
      {facts.map(({ name, value }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: several may have one name, and none is ever moved
        <div key={`${name} ${index}`} className={cx(css['fact'])}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
      {Object.keys(labels).length > 0 && (
        <div className={cx(css['fact'])}>
          <dt>Labels</dt>
          <dd className={cx(css['labels'])}>
            {Object.entries(labels).map(([name, value]) => (
              <LabelChip key={name} name={name} value={value} />
            ))}
          </dd>
        </div>
      )}
    </dl>
  )
}

function LatestPanel({ collector }: { readonly collector: CollectorStatus }) {
  const { id } = collector
  const [filter, setFilter] = useState('')
  const latest = useCall('collectors.latest', { id }, { on: { 'collectors.changed': 'refetch' }, atMostEveryMs: 5000 })
  const wanted = filter.trim().toLowerCase()
  return (
    <Panel
      title="Newest values"
      isPadded={false}
      note={
        <>
          {latest.data && latest.data.samples > 0 && `${formatCount(latest.data.samples)} samples `}
          <StaleBadge of={latest} />
        </>
      }
    >
      <Answer of={latest} what="The newest values">
        {({ metrics }) => {
          if (metrics.length === 0)
            return (
              <EmptyState title="The last run read nothing">
                {collector.state === 'failing' ? collector.reason.message : 'Values stand here after the first run.'}
              </EmptyState>
            )
          const shown = metrics.filter(({ name, help }) => `${name} ${help}`.toLowerCase().includes(wanted))
          return (
            <>
              <div className={cx(css['filter'])}>
                <SearchField label="Filter metrics" value={filter} onChange={setFilter} />
              </div>
              {shown.length === 0 ? (
                <EmptyState title="No metric matches">None of {metrics.length} has this in its name.</EmptyState>
              ) : (
                <MetricList metrics={shown} />
              )}
            </>
          )
        }}
      </Answer>
    </Panel>
  )
}
