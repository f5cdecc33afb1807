/** Backups: what there is, what is under way, one more now, and the way back. */
import { DatabaseBackup } from 'lucide-react'
import { useState } from 'react'
import type { BackupStatus, BackupView } from '#shared/contract/backup.ts'
import type { Settings } from '#shared/contract/settings.ts'
import { useCall } from '../../client/use-call.ts'
import { useCommand } from '../../client/use-command.ts'
import { formatAgo } from '../../format/duration.ts'
import { formatInstant } from '../../format/instant.ts'
import { formatRatio, formatValue } from '../../format/unit.ts'
import { useNow } from '../../format/use-now.ts'
import { useMay } from '../../live/use-role.ts'
import { useZone } from '../../theme/appearance.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { Panel } from '../../ui/panel.tsx'
import { Answer, EmptyState, StaleBadge } from '../../ui/placeholder.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import { Cell, HeaderCell, Row, Table } from '../../ui/table.tsx'
import { toast, toastFailure } from '../../ui/toasts.ts'
import css from './care.module.css'
import { RemoveBackup, RestoreBackup } from './restore-dialog.tsx'
import { NumberSetting, SwitchSetting, TextSetting } from './setting-controls.tsx'
import { SettingBlock } from './setting-row.tsx'

export function BackupSection({ settings, isDisabled }: { readonly settings: Settings; readonly isDisabled: boolean }) {
  const isAdmin = useMay('admin')
  const status = useCall('backup.status', {}, { isEnabled: isAdmin, on: { 'backup.changed': (_, changed) => changed } })
  const create = useCommand('backup.create')
  const isBusy = status.data?.work != null
  const begin = async () => {
    const begun = await create.run({})
    if (begun) status.patch(() => begun)
  }
  return (
    <>
      <SettingBlock keywords="backup restore copy safety list">
        <Panel
          title="Backups"
          note={<StaleBadge of={status} />}
          isPadded={false}
          actions={
            isAdmin && (
              <Button
                size="small"
                icon={DatabaseBackup}
                isDisabled={isBusy}
                isPending={create.isRunning}
                onPress={begin}
              >
                Back up now
              </Button>
            )
          }
        >
          {isAdmin ? (
            <Answer of={status} what="Backups">
              {(data) => (
                <>
                  <Wanted status={data} onChanged={(next) => status.patch(() => next)} />
                  <UnderWay status={data} onChanged={(next) => status.patch(() => next)} />
                  {(create.failure ?? data.failure) && (
                    <div className={cx(css['note'])} role="alert">
                      <StateMark state="down" word={null} />
                      <p>The last backup failed: {create.failure?.message ?? data.failure?.message}</p>
                    </div>
                  )}
                  <Backups status={data} onChanged={(next) => status.patch(() => next)} onVerified={status.refetch} />
                </>
              )}
            </Answer>
          ) : (
            <EmptyState title="Only an admin sees backups">Your role here does not suffice.</EmptyState>
          )}
        </Panel>
      </SettingBlock>
      <Schedule settings={settings} isDisabled={isDisabled} />
    </>
  )
}

interface PartProps {
  readonly status: BackupStatus
  readonly onChanged: (status: BackupStatus) => void
}

function Wanted({ status, onChanged }: PartProps) {
  const zone = useZone()
  const cancel = useCommand('backup.cancelRestore')
  const restart = useCommand('console.restart')
  const { wanted, canRestart } = status
  if (!wanted) return null
  return (
    <div className={cx(css['note'])} role="status">
      <StateMark state="warning" word={null} />
      <p>
        The next start restores the backup of {formatInstant(wanted.takenAt, zone)}
        {wanted.withConfiguration ? ', with its configuration' : ''}. What is there now is set aside.
        {!canRestart && ' Restart Belfry when it suits you.'}
      </p>
      {canRestart && (
        <Button variant="primary" size="small" isPending={restart.isRunning} onPress={() => void restart.run({})}>
          Restart now
        </Button>
      )}
      <Button
        size="small"
        onPress={async () => {
          const next = await cancel.run({})
          if (next) onChanged(next)
        }}
      >
        Do not restore
      </Button>
    </div>
  )
}

function UnderWay({ status: { work }, onChanged }: PartProps) {
  const cancel = useCommand('backup.cancel')
  if (!work) return null
  const ratio = work.totalBytes === 0 ? 0 : Math.min(1, work.doneBytes / work.totalBytes)
  const doing = work.what === 'verification' ? 'Checking a backup' : 'Taking a backup'
  return (
    <div className={cx(css['note'])} role="status">
      <span>
        {doing}
        {work.phase !== 'idle' && work.what === 'backup' && `, ${work.phase}`}
      </span>
      <div
        className={cx(css['progress'])}
        role="progressbar"
        aria-label={doing}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(ratio * 100)}
      >
        <span style={{ width: `${ratio * 100}%` }} />
      </div>
      <span className={cx(css['muted'], css['sum'])}>
        {formatRatio(ratio, 0)} of {formatValue(work.totalBytes, 'bytes')}
      </span>
      <Button
        size="small"
        onPress={async () => {
          const next = await cancel.run({})
          if (next) onChanged(next)
        }}
      >
        Cancel
      </Button>
    </div>
  )
}

const triggers: Readonly<Record<BackupView['trigger'], string>> = {
  scheduled: 'daily',
  asked: 'asked for',
  command: 'command line',
}

function Backups({ status, onChanged, onVerified }: PartProps & { readonly onVerified: () => void }) {
  const zone = useZone()
  const now = useNow()
  const verify = useCommand('backup.verify')
  const [restoring, setRestoring] = useState<BackupView | null>(null)
  const [removing, setRemoving] = useState<BackupView | null>(null)
  if (status.backups.length === 0) {
    return (
      <EmptyState icon={DatabaseBackup} title="No backup yet">
        {status.nextAt === null
          ? 'Daily backups are switched off.'
          : `The next is due at ${formatInstant(status.nextAt, zone)}.`}
      </EmptyState>
    )
  }
  const check = async ({ id }: BackupView) => {
    const looked = await verify.run({ id })
    onVerified()
    if (looked?.verdict?.problem === null) toast('Every byte of the backup is as it was written.')
    else if (looked) toastFailure(`The backup is damaged: ${looked.verdict?.problem}`)
  }
  return (
    <>
      <Table label="Backups">
        <thead>
          <tr>
            <HeaderCell>Taken</HeaderCell>
            <HeaderCell>State</HeaderCell>
            <HeaderCell>Holds</HeaderCell>
            <HeaderCell isNumber>Size</HeaderCell>
            <HeaderCell isNumber>{''}</HeaderCell>
          </tr>
        </thead>
        <tbody>
          {status.backups.map((backup) => (
            <Row key={backup.id} className={cx(css['tall'])}>
              <Cell>
                {formatInstant(backup.takenAt, zone)}
                <div className={cx(css['small'])}>
                  {formatAgo(backup.takenAt, now)}, {triggers[backup.trigger]}
                </div>
              </Cell>
              <Cell>
                <Verdict backup={backup} />
              </Cell>
              <Cell isMuted>
                {backup.contains.days} {backup.contains.days === 1 ? 'day' : 'days'} of samples
                <div className={cx(css['small'])}>
                  states {formatValue(backup.contains.stateBytes, 'bytes')}, {backup.contains.configurationFiles}{' '}
                  {backup.contains.configurationFiles === 1 ? 'file' : 'files'} of configuration
                </div>
              </Cell>
              <Cell isNumber>
                {formatValue(backup.bytes, 'bytes')}
                <div className={cx(css['small'])}>{formatValue(backup.ownBytes, 'bytes')} its own</div>
              </Cell>
              <Cell isNumber>
                <div className={cx(css['actions'])}>
                  <Button
                    size="small"
                    variant="quiet"
                    isDisabled={status.work !== null}
                    onPress={() => void check(backup)}
                  >
                    Check
                  </Button>
                  <Button size="small" variant="quiet" onPress={() => setRemoving(backup)}>
                    Delete
                  </Button>
                  <Button
                    size="small"
                    isDisabled={status.work !== null || backup.verdict?.problem != null}
                    onPress={() => setRestoring(backup)}
                  >
                    Restore
                  </Button>
                </div>
              </Cell>
            </Row>
          ))}
        </tbody>
      </Table>
      <p className={cx(css['more'], css['small'])}>
        In {status.directory}.{' '}
        {status.nextAt === null
          ? 'Daily backups are off.'
          : `The next is due at ${formatInstant(status.nextAt, zone)}.`}{' '}
        Secrets and their key are in none of them.
      </p>
      {restoring && <RestoreBackup backup={restoring} onClose={() => setRestoring(null)} onChosen={onChanged} />}
      {removing && <RemoveBackup backup={removing} onClose={() => setRemoving(null)} onRemoved={onChanged} />}
    </>
  )
}

function Verdict({ backup: { verdict } }: { readonly backup: BackupView }) {
  const now = useNow()
  if (verdict === null) return <StateMark state="unknown" word="not checked" />
  if (verdict.problem !== null) {
    return (
      <>
        <StateMark state="down" word="damaged" />
        <div className={cx(css['small'], css['wrapped'], css['problem'])}>{verdict.problem}</div>
      </>
    )
  }
  return (
    <>
      <StateMark state="up" word="whole" />
      <div className={cx(css['small'])}>checked {formatAgo(verdict.at, now)}</div>
    </>
  )
}

function Schedule({ settings: { backup }, isDisabled }: { readonly settings: Settings; readonly isDisabled: boolean }) {
  return (
    <Panel title="Schedule" note="One a day; the newest of each day and of each week is kept">
      <SwitchSetting
        title="Back up every day"
        hint="States, history and configuration, while Belfry goes on"
        keywords="backup schedule daily"
        value={backup.enabled}
        patch={(enabled) => ({ backup: { enabled } })}
        isDisabled={isDisabled}
      />
      <TextSetting
        title="At"
        hint="By the clock of this machine; made up for when Belfry was off"
        keywords="backup schedule time daily"
        value={backup.at}
        placeholder="03:30"
        patch={(at) => ({ backup: { at } })}
        isDisabled={isDisabled}
      />
      <NumberSetting
        title="Keep daily backups"
        keywords="backup schedule retention"
        unit="days"
        value={backup.keepDaily}
        patch={(keepDaily) => ({ backup: { keepDaily } })}
        isDisabled={isDisabled}
      />
      <NumberSetting
        title="Keep weekly backups"
        keywords="backup schedule retention"
        unit="weeks"
        value={backup.keepWeekly}
        patch={(keepWeekly) => ({ backup: { keepWeekly } })}
        isDisabled={isDisabled}
      />
      <TextSetting
        title="Directory"
        hint="Empty: in the data directory. Another disk survives the death of this one"
        keywords="backup schedule path disk"
        value={backup.directory}
        placeholder="in the data directory"
        patch={(directory) => ({ backup: { directory } })}
        isDisabled={isDisabled}
      />
    </Panel>
  )
}
