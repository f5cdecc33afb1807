/** All collectors of services: the worst first; and where there is none yet, what answers on this machine. */
import { Database, Plus } from 'lucide-react'
import type { CollectorStatus } from '#shared/contract/collectors.ts'
import type { CallState } from '../../client/use-call.ts'
import { formatAge, formatAgo } from '../../format/duration.ts'
import { formatCount, formatValue, noValue } from '../../format/unit.ts'
import { useNow } from '../../format/use-now.ts'
import { useKeys } from '../../keys/use-keys.ts'
import { useMay } from '../../live/use-role.ts'
import { Link } from '../../navigation/link.tsx'
import { navigate } from '../../navigation/location.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { Panel, ScreenHeader } from '../../ui/panel.tsx'
import { EmptyState, FailedState, Skeleton, StaleBadge } from '../../ui/placeholder.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import { Cell, HeaderCell, Row, Table } from '../../ui/table.tsx'
import { isOld, markOf, wordOf, worstFirst } from './collector-words.ts'
import css from './collectors.module.css'
import { FoundServices } from './found-services.tsx'
import { useCollectors } from './use-collectors.ts'

export function CollectorsScreen() {
  const collectors = useCollectors()
  const mayOperate = useMay('operator')
  useKeys('Collectors', [{ keys: 'n', title: 'New collector', run: () => navigate('collectorNew') }], mayOperate)
  return (
    <div className={cx(css['screen'])}>
      <ScreenHeader
        title="Collectors"
        note={
          <>
            {collectors.data && collectors.data.length > 0 && `${formatCount(collectors.data.length)} in all `}
            <StaleBadge of={collectors} />
          </>
        }
        actions={
          mayOperate && (
            <Button variant="primary" icon={Plus} onPress={() => navigate('collectorNew')}>
              New collector
            </Button>
          )
        }
      />
      <Content collectors={collectors} mayOperate={mayOperate} />
    </div>
  )
}

function Content({
  collectors,
  mayOperate,
}: {
  readonly collectors: CallState<CollectorStatus[]>
  readonly mayOperate: boolean
}) {
  if (collectors.data === null) {
    if (collectors.failure) {
      return <FailedState what="Collectors" failure={collectors.failure} onRetry={collectors.refetch} />
    }
    return (
      <Panel>
        <Skeleton lines={8} />
      </Panel>
    )
  }
  if (collectors.data.length > 0) {
    return (
      <>
        <Panel isPadded={false} className={cx(collectors.isStale && css['stale'])}>
          <CollectorTable collectors={worstFirst(collectors.data)} />
        </Panel>
        {mayOperate && <FoundServices isQuiet />}
      </>
    )
  }
  return (
    <>
      <Panel>
        <EmptyState
          icon={Database}
          title="No service is read yet"
          action={
            mayOperate && (
              <Button variant="primary" icon={Plus} onPress={() => navigate('collectorNew')}>
                Add the first collector
              </Button>
            )
          }
        >
          A collector reads what a database, a cache, a web server or an engine says of itself, and keeps it as series.
        </EmptyState>
      </Panel>
      {mayOperate && <FoundServices />}
    </>
  )
}

function CollectorTable({ collectors }: { readonly collectors: readonly CollectorStatus[] }) {
  const now = useNow()
  return (
    <Table label="Collectors">
      <thead>
        <tr>
          <HeaderCell width={136}>State</HeaderCell>
          <HeaderCell>Collector</HeaderCell>
          <HeaderCell width={120}>Kind</HeaderCell>
          <HeaderCell className={cx(css['whyColumn'])}>Why</HeaderCell>
          <HeaderCell isNumber width={96}>
            Samples
          </HeaderCell>
          <HeaderCell isNumber width={96}>
            Took
          </HeaderCell>
          <HeaderCell isNumber width={112}>
            Last run
          </HeaderCell>
          <HeaderCell isNumber width={88}>
            Next run
          </HeaderCell>
        </tr>
      </thead>
      <tbody>
        {collectors.map((collector) => (
          <CollectorRow key={collector.id} collector={collector} now={now} />
        ))}
      </tbody>
    </Table>
  )
}

function CollectorRow({ collector, now }: { readonly collector: CollectorStatus; readonly now: number }) {
  const { id, name, target, kind, reason, state, problems, samples, lastAt, lastDurationMs, nextRunAt } = collector
  const isStale = isOld(collector, now)
  const isUp = state === 'up'
  // What is well, or was switched off by somebody, needs no reason.
  const isSaid = !(isUp && problems.length === 0) && state !== 'paused'
  return (
    <Row className={cx(isStale && css['stale'])}>
      <Cell>
        <StateMark state={markOf(collector)} word={wordOf(collector)} />
      </Cell>
      <Cell className={cx(css['nameCell'])}>
        <Link to="collector" params={{ id }} className={cx(css['name'])}>
          {name}
        </Link>
        <span className={cx(css['target'])} title={target}>
          {target}
        </span>
      </Cell>
      <Cell isMuted>{kind}</Cell>
      <Cell className={cx(css['whyCell'])}>{isSaid && reason.message}</Cell>
      <Cell isNumber>{isUp ? formatCount(samples) : noValue}</Cell>
      <Cell isNumber>{lastDurationMs === null ? noValue : formatValue(lastDurationMs, 'milliseconds')}</Cell>
      <Cell isNumber isMuted={!isStale}>
        {lastAt === null ? noValue : isStale ? `${formatAge(now - lastAt)} old` : formatAgo(lastAt, now)}
      </Cell>
      <Cell isNumber isMuted>
        {nextRunAt === null ? 'paused' : nextRunAt <= now ? 'now' : formatAgo(nextRunAt, now)}
      </Cell>
    </Row>
  )
}
