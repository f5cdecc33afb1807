/** What is scraped, job by job: how each target answered last, and what of prometheus.yml is not used. */
import { Plus, RotateCw, ScanLine } from 'lucide-react'
import { useDeferredValue, useMemo, useRef, useState } from 'react'
import type { ScrapeState, ScrapeView } from '#shared/contract/scrape.ts'
import { type CallState, useCall } from '../../client/use-call.ts'
import { useCommand } from '../../client/use-command.ts'
import { useKeys } from '../../keys/use-keys.ts'
import { useMay } from '../../live/use-role.ts'
import { navigate } from '../../navigation/location.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { Panel, ScreenHeader } from '../../ui/panel.tsx'
import { Answer, EmptyState, StaleBadge } from '../../ui/placeholder.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import { toast, toastFailure } from '../../ui/toasts.ts'
import { AddTargetDialog } from './add-target-dialog.tsx'
import { ConfigProblems } from './config-problems.tsx'
import { PoolPanel } from './pool-panel.tsx'
import { TargetDrawer } from './target-drawer.tsx'
import { countsOf, noFilter, poolsMatching, stateMarks, stateWords, type TargetFilter } from './target-filter.ts'
import css from './targets.module.css'

export function TargetsScreen({ isAdding }: { readonly isAdding: boolean }) {
  const view = useCall(
    'scrape.targets',
    {},
    { on: { 'scrape.changed': 'refetch' }, atMostEveryMs: 1000, everyMs: 30_000 },
  )
  const reload = useCommand('scrape.reload')
  const mayOperate = useMay('operator')
  const mayAdd = useMay('admin')
  const readAgain = async () => {
    const read = await reload.run({})
    if (read) toast(`${read.file} was read again.`)
    else toastFailure('prometheus.yml could not be read again.')
    view.refetch()
  }
  return (
    <div className={cx(css['screen'])}>
      <ScreenHeader
        title="Targets"
        note={
          <>
            Scraped in the manner of Prometheus <StaleBadge of={view} />
          </>
        }
        actions={
          <>
            <Button
              icon={RotateCw}
              isDisabled={!mayOperate}
              isPending={reload.isRunning}
              onPress={() => void readAgain()}
            >
              Read again
            </Button>
            <Button variant="primary" icon={Plus} isDisabled={!mayAdd} onPress={() => navigate('targetNew')}>
              Add target
            </Button>
          </>
        }
      />
      <Answer of={view} what="Targets">
        {(data) => (data.pools.length === 0 ? <NothingScraped data={data} /> : <Pools data={data} view={view} />)}
      </Answer>
      {isAdding && view.data && (
        <AddTargetDialog file={view.data.file} onClose={() => navigate('targets')} onAdded={view.refetch} />
      )}
    </div>
  )
}

function Pools({ data, view }: { readonly data: ScrapeView; readonly view: CallState<ScrapeView> }) {
  const [filter, setFilter] = useState(noFilter)
  const [openId, setOpenId] = useState<string | null>(null)
  const search = useRef<HTMLInputElement>(null)
  const asked = useDeferredValue(filter)
  const pools = useMemo(() => poolsMatching(data.pools, asked), [data.pools, asked])
  const all = data.pools.flatMap(({ targets }) => targets)
  const open = openId === null ? null : (all.find(({ id }) => id === openId) ?? null)
  useKeys('Targets', [
    { keys: '/', title: 'Filter', run: () => search.current?.focus() },
    { keys: 'n', title: 'Add target', run: () => navigate('targetNew') },
  ])
  return (
    <div className={cx(css['screen'])}>
      <Panel isPadded={false}>
        <search className={cx(css['bar'])}>
          <div className={cx(css['search'])}>
            <SearchField
              label="Filter targets"
              placeholder="Address, label or error   /"
              value={filter.text}
              onChange={(text) => setFilter({ ...filter, text })}
              inputRef={search}
            />
          </div>
          <StateChips targets={all} filter={filter} onFilter={setFilter} />
          <span className={cx(css['file'])} title={data.file}>
            {data.file}
          </span>
        </search>
      </Panel>
      <ConfigProblems problems={data.problems} file={data.file} />
      {pools.length === 0 && (
        <Panel>
          <EmptyState title="No target matches" action={<Button onPress={() => setFilter(noFilter)}>Show all</Button>}>
            None of {all.length} targets has these words and states.
          </EmptyState>
        </Panel>
      )}
      {pools.map((pool) => (
        <PoolPanel key={pool.job} pool={pool} onOpen={setOpenId} />
      ))}
      {open && <TargetDrawer target={open} onClose={() => setOpenId(null)} onScraped={view.refetch} />}
    </div>
  )
}

function StateChips(props: {
  readonly targets: ScrapeView['pools'][number]['targets']
  readonly filter: TargetFilter
  readonly onFilter: (filter: TargetFilter) => void
}) {
  const { targets, filter, onFilter } = props
  const toggle = (state: ScrapeState) =>
    onFilter({
      ...filter,
      states: filter.states.includes(state) ? filter.states.filter((one) => one !== state) : [...filter.states, state],
    })
  return (
    <ul className={cx(css['chips'])} aria-label="State">
      {countsOf(targets).map(({ state, count }) => {
        const isOn = filter.states.includes(state)
        return (
          <li key={state}>
            <button
              type="button"
              aria-pressed={isOn}
              className={cx(css['chip'], isOn && css['on'])}
              onClick={() => toggle(state)}
            >
              <StateMark state={stateMarks[state]} word={stateWords[state]} />
              <span className={cx(css['count'])}>{count}</span>
            </button>
          </li>
        )
      })}
    </ul>
  )
}

function NothingScraped({ data }: { readonly data: ScrapeView }) {
  const mayAdd = useMay('admin')
  return (
    <div className={cx(css['screen'])}>
      <ConfigProblems problems={data.problems} file={data.file} />
      <Panel>
        <EmptyState
          icon={ScanLine}
          title="Nothing is scraped yet"
          action={
            mayAdd && (
              <Button variant="primary" icon={Plus} onPress={() => navigate('targetNew')}>
                Add target
              </Button>
            )
          }
        >
          <p>Paste the address of an exporter, such as a node_exporter at db-1:9100, and see what it answers.</p>
          <p>
            Or use the prometheus.yml you have, as it is: put it at <code>{data.file}</code>, or name its place in
            belfry.yaml.
          </p>
          <pre className={cx(css['sample'])}>prometheus: /etc/prometheus/prometheus.yml</pre>
          <p>Its scrape_configs and rule_files are used, and whatever has no effect here is named with its line.</p>
        </EmptyState>
      </Panel>
    </div>
  )
}
