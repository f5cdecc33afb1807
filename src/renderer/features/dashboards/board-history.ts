/** A board while it is changed: what it was before each change, and what was taken back. Pure. */
import type { Dashboard } from '#shared/domain/dashboard/dashboard.ts'

export interface BoardHistory {
  /** Oldest first. */
  readonly past: readonly Dashboard[]
  readonly board: Dashboard
  /** What was taken back, newest first. */
  readonly future: readonly Dashboard[]
  /** What the newest change was of: further ones of the same kind are one with it. */
  readonly kind: string
}

const kept = 100

export const beginHistory = (board: Dashboard): BoardHistory => ({ past: [], board, future: [], kind: '' })

/** `kind` not empty: typing into one field, dragging one panel. */
export function changed(history: BoardHistory, board: Dashboard, kind = ''): BoardHistory {
  if (board === history.board) return history
  if (kind !== '' && kind === history.kind) return { ...history, board, future: [] }
  return { past: [...history.past, history.board].slice(-kept), board, future: [], kind }
}

export function undone(history: BoardHistory): BoardHistory {
  const board = history.past.at(-1)
  if (!board) return history
  return { past: history.past.slice(0, -1), board, future: [history.board, ...history.future], kind: '' }
}

export function redone(history: BoardHistory): BoardHistory {
  const [board, ...future] = history.future
  return board ? { past: [...history.past, history.board], board, future, kind: '' } : history
}
