/** One check in depth: its state over the range, where its time goes, every kept attempt, and the alerts it raised. */
import { Copy, Ellipsis, Pause, Pencil, Play, RotateCw, Trash2 } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { CheckResult, CheckView } from '#shared/contract/checks.ts'
import { useCall } from '../../client/use-call.ts'
import { formatAgo, formatDuration } from '../../format/duration.ts'
import { formatInstant } from '../../format/instant.ts'
import { useNow } from '../../format/use-now.ts'
import { useKeys } from '../../keys/use-keys.ts'
import { useMay } from '../../live/use-role.ts'
import { Link } from '../../navigation/link.tsx'
import { navigate } from '../../navigation/location.ts'
import { useZone } from '../../theme/appearance.ts'
import { LabelChip } from '../../ui/badge.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { Menu } from '../../ui/menu.tsx'
import { Panel } from '../../ui/panel.tsx'
import { EmptyState, FailedState, Skeleton, StaleBadge } from '../../ui/placeholder.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import { AttemptsPanel } from './attempts-panel.tsx'
import { CheckAlertsPanel } from './check-alerts-panel.tsx'
import { CheckResultLine, CheckResultView } from './check-result.tsx'
import { CertificateDays } from './check-row.tsx'
import css from './check-screen.module.css'
import { checkStateWord, confirmingWords } from './check-words.ts'
import { LatencyPanel } from './latency-panel.tsx'
import { PingsPanel } from './pings-panel.tsx'
import { TimelinePanel } from './timeline-panel.tsx'
import { useCheckActions } from './use-check-actions.ts'

export function CheckScreen({ id }: { readonly id: string }) {
  const check = useCall(
    'checks.get',
    { id },
    {
      on: {
        'checks.changed': (known, changed) => (changed.id === id ? changed : known),
        'checks.removed': 'refetch',
      },
    },
  )
  if (check.failure?.code === 'not-found')
    return (
      <EmptyState title="This check is gone" action={<Link to="checks">All checks</Link>}>
        It was removed, or the link is from another console.
      </EmptyState>
    )
  if (!check.data) {
    if (check.failure) return <FailedState what="The check" failure={check.failure} onRetry={check.refetch} />
    return <Skeleton lines={10} />
  }
  return (
    <div className={cx(css['screen'], check.isStale && css['stale'])}>
      <Page check={check.data} stale={<StaleBadge of={check} />} />
    </div>
  )
}

function Page({ check, stale }: { readonly check: CheckView; readonly stale: ReactNode }) {
  const actions = useCheckActions()
  const mayOperate = useMay('operator')
  const [isRunning, setRunning] = useState(false)
  const [ran, setRan] = useState<CheckResult | null>(null)
  const runNow = async () => {
    setRunning(true)
    const [result] = await actions.runNow([check])
    setRunning(false)
    if (result) setRan(result)
  }
  const remove = async () => {
    await actions.remove([check])
    navigate('checks')
  }
  const togglePaused = () => void actions.setEnabled([check], !check.enabled)
  const edit = () => navigate('checkEdit', { id: check.id })
  useKeys(
    'Check',
    [
      { keys: 'r', title: 'Run now', run: () => void runNow() },
      { keys: 'e', title: 'Edit', run: edit },
      { keys: 'P', title: 'Pause or resume', run: togglePaused },
    ],
    mayOperate,
  )
  return (
    <>
      <header className={cx(css['header'])}>
        <div className={cx(css['identity'])}>
          <h1 className={cx(css['title'])}>{check.name}</h1>
          <p className={cx(css['target'])}>
            {check.kind} · <code>{check.target}</code>
          </p>
        </div>
        <div className={cx(css['actions'])}>
          {stale}
          {mayOperate && (
            <>
              <Button icon={RotateCw} isPending={isRunning} onPress={runNow}>
                {isRunning ? 'Running' : 'Run now'}
              </Button>
              <Button icon={check.enabled ? Pause : Play} onPress={togglePaused}>
                {check.enabled ? 'Pause' : 'Resume'}
              </Button>
              <Button icon={Pencil} onPress={edit}>
                Edit
              </Button>
              <Menu
                label="More"
                trigger={<IconButton label="More" icon={Ellipsis} />}
                entries={[
                  {
                    id: 'copy',
                    label: 'Duplicate',
                    icon: Copy,
                    onAction: () => navigate('checkNew', {}, { from: check.id }),
                  },
                  { id: 'remove', label: 'Remove', icon: Trash2, tone: 'danger', onAction: () => void remove() },
                ]}
              />
            </>
          )}
        </div>
      </header>
      <Standing check={check} />
      {ran && (
        <Panel
          title="Run by hand"
          actions={
            <Button size="small" variant="quiet" onPress={() => setRan(null)}>
              Close
            </Button>
          }
        >
          <div className={cx(css['ran'])}>
            <CheckResultLine result={ran} />
            <CheckResultView result={ran} />
          </div>
        </Panel>
      )}
      <TimelinePanel check={check} />
      <LatencyPanel check={check} />
      <PingsPanel check={check} />
      <AttemptsPanel check={check} />
      <CheckAlertsPanel check={check} />
    </>
  )
}

/** How it stands now: state, since when, why, what is being confirmed, when it is next looked at. */
function Standing({ check }: { readonly check: CheckView }) {
  const now = useNow()
  const zone = useZone()
  return (
    <dl className={cx(css['standing'])}>
      <div className={cx(css['fact'], css['state'])}>
        <dt>State</dt>
        <dd>
          <StateMark state={check.state} word={checkStateWord(check)} size={16} />
        </dd>
        <dd className={cx(css['detail'])} title={formatInstant(check.stateSince, zone)}>
          {now - check.stateSince < 1000 ? 'just now' : `for ${formatDuration(now - check.stateSince)}`}
        </dd>
      </div>
      <div className={cx(css['fact'], css['why'])}>
        <dt>Why</dt>
        <dd>{check.reason.message}</dd>
        {check.confirming && <dd className={cx(css['detail'])}>Confirming: {confirmingWords(check.confirming)}</dd>}
      </div>
      <div className={cx(css['fact'])}>
        <dt>Last run</dt>
        <dd>{check.last ? formatAgo(check.last.at, now) : 'not yet'}</dd>
        <dd className={cx(css['detail'])}>
          {check.enabled && check.nextRunAt !== null
            ? `next ${check.nextRunAt <= now ? 'now' : formatAgo(check.nextRunAt, now)}, every ${formatDuration(check.everyMs)}`
            : 'paused'}
        </dd>
      </div>
      {check.certificateExpiresAt !== null && (
        <div className={cx(css['fact'])}>
          <dt>Certificate</dt>
          <dd>
            <CertificateDays expiresAt={check.certificateExpiresAt} />
          </dd>
          <dd className={cx(css['detail'])}>until {formatInstant(check.certificateExpiresAt, zone)}</dd>
        </div>
      )}
      {Object.keys(check.labels).length > 0 && (
        <div className={cx(css['fact'])}>
          <dt>Labels</dt>
          <dd className={cx(css['labels'])}>
            {Object.entries(check.labels).map(([name, value]) => (
              <LabelChip key={name} name={name} value={value} />
            ))}
          </dd>
        </div>
      )}
    </dl>
  )
}
