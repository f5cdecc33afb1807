/** What restoring a backup would bring and cost, asked before it is done; and the end of a backup. */
import { useState } from 'react'
import type { BackupStatus, BackupView } from '#shared/contract/backup.ts'
import type { OutputOf } from '#shared/contract/index.ts'
import { useCall } from '../../client/use-call.ts'
import { useCommand } from '../../client/use-command.ts'
import { formatDuration } from '../../format/duration.ts'
import { formatInstant } from '../../format/instant.ts'
import { formatCount, formatValue } from '../../format/unit.ts'
import { useZone } from '../../theme/appearance.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Checkbox } from '../../ui/fields.tsx'
import { Answer } from '../../ui/placeholder.tsx'
import { Cell, HeaderCell, Row, Table } from '../../ui/table.tsx'
import { toast } from '../../ui/toasts.ts'
import css from './care.module.css'

export function RestoreBackup(props: {
  readonly backup: BackupView
  readonly onClose: () => void
  readonly onChosen: (status: BackupStatus) => void
}) {
  const { backup, onClose, onChosen } = props
  const zone = useZone()
  const preview = useCall('backup.preview', { id: backup.id })
  const restore = useCommand('backup.restore')
  const [withConfiguration, setWithConfiguration] = useState(false)
  const act = async () => {
    const status = await restore.run({ id: backup.id, withConfiguration })
    if (!status) return
    onChosen(status)
    onClose()
    toast('Checked. The next start restores it.')
  }
  return (
    <Dialog
      title={`Restore the backup of ${formatInstant(backup.takenAt, zone)}?`}
      isOpen
      onClose={onClose}
      width="wide"
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button variant="danger" isPending={restore.isRunning} isDisabled={!preview.data} onPress={act}>
            {restore.isRunning ? 'Checking every byte' : 'Restore at the next start'}
          </Button>
        </>
      }
    >
      <Answer of={preview} what="The preview">
        {(data) => <Preview preview={data} zone={zone} />}
      </Answer>
      {backup.contains.configurationFiles > 0 && (
        <div className={cx(css['choice'])}>
          <Checkbox
            label="Also restore belfry.yaml, conf.d and rules"
            isChecked={withConfiguration}
            onChange={setWithConfiguration}
          />
        </div>
      )}
      {restore.failure && <p role="alert">{restore.failure.message}</p>}
    </Dialog>
  )
}

function Preview({ preview, zone }: { readonly preview: OutputOf<'backup.preview'>; readonly zone: string }) {
  const { lostFrom, lostTo, tables, neededBytes, freeBytes } = preview
  return (
    <div className={cx(css['stack'])}>
      <p>
        What was recorded in the {formatDuration(Math.max(0, lostTo - lostFrom))} from {formatInstant(lostFrom, zone)}{' '}
        to now will be missing from the screens. Nothing is deleted: what is there now is set aside in the data
        directory.
      </p>
      <dl className={cx(css['facts'])}>
        <dt>Needs</dt>
        <dd>
          {formatValue(neededBytes, 'bytes')} at most
          {freeBytes !== null && `, ${formatValue(freeBytes, 'bytes')} are free`}
        </dd>
      </dl>
      {tables.length > 0 && (
        <Table label="What differs">
          <thead>
            <tr>
              <HeaderCell>What differs</HeaderCell>
              <HeaderCell isNumber>Now</HeaderCell>
              <HeaderCell isNumber>In the backup</HeaderCell>
            </tr>
          </thead>
          <tbody>
            {tables.map(({ table, presentRows, backupRows }) => (
              <Row key={table}>
                <Cell>{table}</Cell>
                <Cell isNumber>{formatCount(presentRows)}</Cell>
                <Cell isNumber>{formatCount(backupRows)}</Cell>
              </Row>
            ))}
          </tbody>
        </Table>
      )}
    </div>
  )
}

export function RemoveBackup(props: {
  readonly backup: BackupView
  readonly onClose: () => void
  readonly onRemoved: (status: BackupStatus) => void
}) {
  const { backup, onClose, onRemoved } = props
  const zone = useZone()
  const remove = useCommand('backup.remove')
  const act = async () => {
    const status = await remove.run({ id: backup.id })
    if (!status) return
    onRemoved(status)
    onClose()
    toast('The backup was deleted.')
  }
  return (
    <Dialog
      title={`Delete the backup of ${formatInstant(backup.takenAt, zone)}?`}
      isOpen
      onClose={onClose}
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button variant="danger" isPending={remove.isRunning} onPress={act}>
            Delete
          </Button>
        </>
      }
    >
      <p>It cannot be brought back. Days that other backups share with it stay in those.</p>
      {remove.failure && <p role="alert">{remove.failure.message}</p>}
    </Dialog>
  )
}
