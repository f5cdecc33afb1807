/** Asks before unsaved changes are left behind: by a link, by the browser's back, or by closing the window. */
import { type ReactNode, useCallback, useEffect, useState } from 'react'
import { guardLeaving } from '../../navigation/location.ts'
import { Button } from '../button.tsx'
import { Dialog } from '../dialog.tsx'

export interface LeaveGuard {
  /** Has to be drawn: the question, while it is asked. */
  readonly question: ReactNode
  /** Lets the next leaving pass: what was typed has just been saved, or is given up. */
  readonly release: () => void
}

export function useLeaveGuard(isDirty: boolean): LeaveGuard {
  const [wantedHash, setWantedHash] = useState<string | null>(null)
  const [isReleased, setReleased] = useState(false)
  const isGuarding = isDirty && !isReleased
  useEffect(() => {
    if (!isGuarding) return
    const stop = guardLeaving(() => {
      setWantedHash(location.hash)
      return false
    })
    const beforeUnload = (event: BeforeUnloadEvent) => event.preventDefault()
    addEventListener('beforeunload', beforeUnload)
    return () => {
      stop()
      removeEventListener('beforeunload', beforeUnload)
    }
  }, [isGuarding])
  // What is changed after a saving is worth its own question.
  useEffect(() => {
    if (!isDirty) setReleased(false)
  }, [isDirty])
  useEffect(() => {
    if (isReleased && wantedHash !== null) location.hash = wantedHash
  }, [isReleased, wantedHash])

  return {
    release: useCallback(() => setReleased(true), []),
    question: (
      <Dialog
        title="Leave without saving?"
        isOpen={wantedHash !== null && !isReleased}
        onClose={() => setWantedHash(null)}
        footer={
          <>
            <Button onPress={() => setReleased(true)}>Leave</Button>
            <Button variant="primary" autoFocus onPress={() => setWantedHash(null)}>
              Stay
            </Button>
          </>
        }
      >
        What you changed here has not been saved.
      </Dialog>
    ),
  }
}
