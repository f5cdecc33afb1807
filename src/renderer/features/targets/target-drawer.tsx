/** All about one target: how it is asked, what came of it, and its labels before and after relabelling. */
import { RotateCw } from 'lucide-react'
import type { ReactNode } from 'react'
import type { TargetView } from '#shared/contract/scrape.ts'
import { useCommand } from '../../client/use-command.ts'
import { formatAgo, formatDuration } from '../../format/duration.ts'
import { formatInstant } from '../../format/instant.ts'
import { formatValue } from '../../format/unit.ts'
import { useNow } from '../../format/use-now.ts'
import { useMay } from '../../live/use-role.ts'
import { Link } from '../../navigation/link.tsx'
import { useZone } from '../../theme/appearance.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { Drawer } from '../../ui/dialog.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import { stateMarks, stateWords } from './target-filter.ts'
import css from './targets.module.css'

interface TargetDrawerProps {
  readonly target: TargetView
  readonly onClose: () => void
  readonly onScraped: () => void
}

export function TargetDrawer({ target, onClose, onScraped }: TargetDrawerProps) {
  const now = useNow()
  const zone = useZone()
  const mayOperate = useMay('operator')
  const scrape = useCommand('scrape.scrapeNow')
  const { url, job, state, error, warnings, lastAt, nextAt } = target
  const scrapeNow = async () => {
    await scrape.run({ id: target.id })
    onScraped()
  }
  return (
    <Drawer
      title={url}
      isOpen
      onClose={onClose}
      footer={
        <Button icon={RotateCw} isDisabled={!mayOperate} isPending={scrape.isRunning} onPress={() => void scrapeNow()}>
          Scrape now
        </Button>
      }
    >
      <div className={cx(css['screen'])}>
        <div className={cx(css['standing'])}>
          <StateMark state={stateMarks[state]} word={stateWords[state]} size={16} />
          <Link to="explore" query={{ a: `{job="${job}",instance="${target.labels['instance'] ?? ''}"}` }}>
            Its series in Explore
          </Link>
        </div>
        {[...(error === null ? [] : [error]), ...warnings, ...(scrape.failure ? [scrape.failure.message] : [])].map(
          (text) => (
            <p key={text} className={cx(css['remark'], state === 'down' && css['wrong'])}>
              {text}
            </p>
          ),
        )}
        <Facts>
          <Fact name="Job">{job}</Fact>
          <Fact name="Last scrape">
            {lastAt === null ? 'not yet' : `${formatAgo(lastAt, now)}, ${formatInstant(lastAt, zone)}`}
          </Fact>
          <Fact name="Took">
            {target.lastDurationMs === null ? '-' : formatValue(target.lastDurationMs / 1000, 'seconds')}
          </Fact>
          <Fact name="Answer">{target.lastBytes === null ? '-' : formatValue(target.lastBytes, 'bytes')}</Fact>
          <Fact name="Samples">
            {target.samples === null
              ? '-'
              : `${target.samples.toLocaleString('en')}, ${target.samplesKept?.toLocaleString('en')} after relabelling`}
          </Fact>
          <Fact name="Every">
            {formatDuration(target.everyMs)}, within {formatDuration(target.timeoutMs)}
          </Fact>
          <Fact name="Next">{nextAt === null ? '-' : `in ${formatDuration(Math.max(0, nextAt - now))}`}</Fact>
        </Facts>
        <Labels title="Labels of its samples" labels={target.labels} />
        <Labels title="As discovered, before relabelling" labels={target.discovered} />
      </div>
    </Drawer>
  )
}

const Facts = ({ children }: { readonly children: ReactNode }) => <dl className={cx(css['facts'])}>{children}</dl>

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className={cx(css['fact'])}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Labels({ title, labels }: { readonly title: string; readonly labels: TargetView['labels'] }) {
  return (
    <section>
      <h3 className={cx(css['sectionTitle'])}>{title}</h3>
      <Facts>
        {Object.entries(labels).map(([name, value]) => (
          <div key={name} className={cx(css['fact'])}>
            <dt>
              <code>{name}</code>
            </dt>
            <dd>
              <code>{value}</code>
            </dd>
          </div>
        ))}
      </Facts>
    </section>
  )
}
