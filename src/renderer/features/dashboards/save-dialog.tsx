import type { Dashboard } from '#shared/domain/dashboard/dashboard.ts'
import { differences } from '#shared/domain/dashboard/differences.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { Dialog } from '../../ui/dialog.tsx'
import css from './board.module.css'
import type { BoardEdit } from './use-board-edit.ts'

interface SaveDialogProps {
  readonly before: Dashboard
  readonly edit: BoardEdit
  readonly onClose: () => void
  readonly onSave: () => Promise<void>
  readonly onSaveAsNew: () => Promise<void>
  /** Gives up the changes and shows what is there. */
  readonly onReload: () => void
}

/** What saving changes, in words; and the ways out when somebody else was faster. */
export function SaveDialog({ before, edit, onClose, onSave, onSaveAsNew, onReload }: SaveDialogProps) {
  const changes = differences(before, edit.board)
  const isConflict = edit.failure?.code === 'conflict'
  return (
    <Dialog
      title="Save the dashboard"
      isOpen
      onClose={onClose}
      width="wide"
      footer={
        <>
          <Button onPress={onClose}>Go on editing</Button>
          {isConflict && (
            <>
              <Button
                onPress={() => {
                  onClose()
                  onReload()
                }}
              >
                Give up mine, show what is there
              </Button>
              <Button variant="primary" isPending={edit.isSaving} onPress={() => void onSaveAsNew()}>
                Save mine as a new board
              </Button>
            </>
          )}
          {!isConflict && (
            <Button
              variant="primary"
              isPending={edit.isSaving}
              isDisabled={changes.length === 0}
              onPress={() => void onSave()}
            >
              Save
            </Button>
          )}
        </>
      }
    >
      {edit.failure && (
        <div className={cx(css['failure'])} role="alert">
          <p>{edit.failure.message}</p>
          {edit.failure.issues.map(({ path, message }) => (
            <p key={path}>
              {path}: {message}
            </p>
          ))}
        </div>
      )}
      {changes.length === 0 ? (
        <p>Nothing was changed.</p>
      ) : (
        <ul className={cx(css['changes'])} aria-label="What changes">
          {changes.map((change) => (
            <li key={change}>{change}</li>
          ))}
        </ul>
      )}
    </Dialog>
  )
}
