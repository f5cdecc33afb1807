import { create } from 'zustand'
import { AppError } from '#shared/contract/errors.ts'

export interface Toast {
  readonly id: number
  readonly message: string
  readonly tone: 'plain' | 'failed' | 'alert'
  /** The way back, such as Undo; the toast goes when it is used. */
  readonly action: { readonly label: string; readonly run: () => void } | null
}

interface ToastStore {
  readonly toasts: readonly Toast[]
  dismiss(id: number): void
}

let nextId = 1

export const useToasts = create<ToastStore>((set) => ({
  toasts: [],
  dismiss: (id) => set(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) })),
}))

/** Says what was done, with the way back. At most four are shown; the oldest gives way. */
export function toast(message: string, undo?: () => void): void {
  showToast({ message, tone: 'plain', action: undo ? { label: 'Undo', run: undo } : null })
}

/** Says what could not be done, and why. Stays until it is dismissed. */
export function toastFailure(message: string, retry?: () => void): void {
  showToast({ message, tone: 'failed', action: retry ? { label: 'Try again', run: retry } : null })
}

/** Its id, for who takes it away again. */
export function showToast(content: Omit<Toast, 'id'>): number {
  const id = nextId++
  useToasts.setState(({ toasts }) => ({ toasts: [...toasts, { ...content, id }].slice(-4) }))
  return id
}

/** The answer of a call, or null when it failed: the failure was then said. */
export async function attempted<T>(call: () => Promise<T>): Promise<T | null> {
  try {
    return await call()
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    toastFailure(error.message)
    return null
  }
}
