/** The targets of one job. */
import { useState } from 'react'
import type { PoolView, TargetView } from '#shared/contract/scrape.ts'
import { formatAgo, formatDuration } from '../../format/duration.ts'
import { formatValue } from '../../format/unit.ts'
import { useNow } from '../../format/use-now.ts'
import { LabelChip } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { Panel } from '../../ui/panel.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import { Cell, HeaderCell, Row, Table } from '../../ui/table.tsx'
import { countsOf, stateMarks, stateWords } from './target-filter.ts'
import css from './targets.module.css'

/** More rows are drawn when they are asked for. */
const shownAtFirst = 100

export function PoolPanel({ pool, onOpen }: { readonly pool: PoolView; readonly onOpen: (id: string) => void }) {
  const [most, setMost] = useState(shownAtFirst)
  const { job, targets, droppedCount, problems, everyMs } = pool
  const counts = countsOf(targets)
    .map(({ state, count }) => `${count} ${stateWords[state].toLowerCase()}`)
    .join(', ')
  return (
    <Panel title={job} note={`${counts || 'no target'}, every ${formatDuration(everyMs)}`} isPadded={false}>
      {problems.length > 0 && (
        <ul className={cx(css['problems'])}>
          {problems.map((problem) => (
            <li key={problem} className={cx(css['problem'])}>
              <StateMark state="error" word="Not scraped" />
              <span className={cx(css['message'])}>{problem}</span>
            </li>
          ))}
        </ul>
      )}
      {targets.length > 0 && (
        <Table label={`Targets of ${job}`}>
          <thead>
            <tr>
              <HeaderCell width={150}>State</HeaderCell>
              <HeaderCell>Target</HeaderCell>
              <HeaderCell width={130} isNumber>
                Last scrape
              </HeaderCell>
              <HeaderCell width={100} isNumber>
                Took
              </HeaderCell>
              <HeaderCell width={110} isNumber>
                Samples
              </HeaderCell>
            </tr>
          </thead>
          <tbody>
            {targets.slice(0, most).map((target) => (
              <TargetRow key={target.id} target={target} onOpen={onOpen} />
            ))}
          </tbody>
        </Table>
      )}
      {droppedCount > 0 && <Dropped pool={pool} />}
      {targets.length > most && (
        <div className={cx(css['more'])}>
          <Button size="small" variant="quiet" onPress={() => setMost(most + 10 * shownAtFirst)}>
            Show {Math.min(10 * shownAtFirst, targets.length - most)} more of {targets.length}
          </Button>
        </div>
      )}
    </Panel>
  )
}

function Dropped({ pool: { dropped, droppedCount } }: { readonly pool: PoolView }) {
  return (
    <details className={cx(css['dropped'])}>
      <summary>
        {droppedCount} dropped by relabelling{dropped.length < droppedCount && `, of which ${dropped.length} are shown`}
      </summary>
      {dropped.map(({ discovered }) => (
        <div key={JSON.stringify(discovered)} className={cx(css['droppedTarget'])}>
          {Object.entries(discovered).map(([name, value]) => (
            <LabelChip key={name} name={name} value={value} />
          ))}
        </div>
      ))}
    </details>
  )
}

function TargetRow({ target, onOpen }: { readonly target: TargetView; readonly onOpen: (id: string) => void }) {
  const now = useNow()
  const { id, url, labels, state, lastAt, lastDurationMs, samplesKept, samples, error, warnings } = target
  const instance = labels['instance'] ?? ''
  // A probe is of something else than what is asked.
  const isProbe = !url.includes(`//${instance}/`)
  const further = Object.entries(labels).filter(([name]) => name !== 'job' && name !== 'instance')
  const remarks = error === null ? warnings : [error]
  return (
    <Row>
      <Cell className={cx(css['cell'])}>
        <StateMark state={stateMarks[state]} word={stateWords[state]} />
      </Cell>
      <Cell className={cx(css['cell'])}>
        <div className={cx(css['target'])}>
          <button
            type="button"
            className={cx(css['address'])}
            onClick={() => onOpen(id)}
            aria-label={`Details of ${url}`}
          >
            {isProbe ? instance : url}
          </button>
          {further.map(([name, value]) => (
            <LabelChip key={name} name={name} value={value} />
          ))}
        </div>
        {isProbe && <p className={cx(css['asked'])}>{url}</p>}
        {remarks.map((remark) => (
          <p key={remark} className={cx(css['remark'], state === 'down' && css['wrong'])}>
            {remark}
          </p>
        ))}
      </Cell>
      <Cell isNumber isMuted className={cx(css['cell'])}>
        {lastAt === null ? '-' : formatAgo(lastAt, now)}
      </Cell>
      <Cell isNumber isMuted className={cx(css['cell'])}>
        {lastDurationMs === null ? '-' : formatValue(lastDurationMs / 1000, 'seconds')}
      </Cell>
      <Cell
        isNumber
        className={cx(css['cell'])}
        title={samples === null || samples === samplesKept ? '' : `${samples} before relabelling`}
      >
        {samplesKept === null ? '-' : samplesKept.toLocaleString('en')}
      </Cell>
    </Row>
  )
}
