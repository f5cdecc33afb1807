/** Changing a board: its draft with undo, the question before it is left, and saving it unless somebody else was faster. */
import { useCallback, useState } from 'react'
import type { DashboardView } from '#shared/contract/dashboards.ts'
import type { AppError } from '#shared/contract/errors.ts'
import type { Dashboard } from '#shared/domain/dashboard/dashboard.ts'
import { useCommand } from '../../client/use-command.ts'
import { type LeaveGuard, useLeaveGuard } from '../../ui/form/leave-guard.tsx'
import { type BoardHistory, beginHistory, changed, redone, undone } from './board-history.ts'

export interface BoardEdit {
  readonly board: Dashboard
  readonly isEditing: boolean
  readonly isDirty: boolean
  readonly canUndo: boolean
  readonly canRedo: boolean
  readonly begin: () => void
  /** Gives up what was not saved. */
  readonly end: () => void
  /** Changes of the same kind, one after the other, are taken back at once. */
  readonly change: (change: (board: Dashboard) => Dashboard, kind?: string) => void
  readonly undo: () => void
  readonly redo: () => void
  /** What is saved; null when it was refused: the reason is in `failure`. */
  readonly save: () => Promise<DashboardView | null>
  readonly saveAsNew: () => Promise<DashboardView | null>
  readonly isSaving: boolean
  readonly failure: AppError | null
  readonly guard: LeaveGuard
}

export function useBoardEdit(view: DashboardView): BoardEdit {
  const [history, setHistory] = useState<BoardHistory | null>(null)
  /** The revision that the draft was begun from: what came meanwhile is a conflict. */
  const [base, setBase] = useState(view)
  const saving = useCommand('dashboards.save')
  const creating = useCommand('dashboards.create')
  const board = history?.board ?? view.board
  const isDirty = history !== null && JSON.stringify(board) !== JSON.stringify(base.board)
  const guard = useLeaveGuard(isDirty)
  const done = () => {
    guard.release()
    setHistory(null)
  }
  return {
    board,
    isEditing: history !== null,
    isDirty,
    canUndo: (history?.past.length ?? 0) > 0,
    canRedo: (history?.future.length ?? 0) > 0,
    begin() {
      setBase(view)
      setHistory((before) => before ?? beginHistory(view.board))
    },
    end() {
      saving.clear()
      setHistory(null)
    },
    change: useCallback((change, kind) => {
      setHistory((before) => before && changed(before, change(before.board), kind))
    }, []),
    undo: useCallback(() => setHistory((before) => before && undone(before)), []),
    redo: useCallback(() => setHistory((before) => before && redone(before)), []),
    async save() {
      const saved = await saving.run({ board, basedOn: base.revision })
      if (saved) done()
      return saved
    },
    async saveAsNew() {
      const saved = await creating.run({ board: { ...board, title: `${board.title} (copy)` } })
      if (saved) done()
      return saved
    },
    isSaving: saving.isRunning || creating.isRunning,
    failure: saving.failure ?? creating.failure,
    guard,
  }
}
