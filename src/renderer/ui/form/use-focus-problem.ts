import { type RefObject, useEffect } from 'react'
import type { Issue } from '#shared/contract/errors.ts'

/** Puts the focus into the first field that is wrong when issues arrive: what was unfolded for them is drawn by then. */
export function useFocusProblem(form: RefObject<HTMLElement | null>, issues: readonly Issue[]): void {
  const shape = issues.map(({ path, message }) => `${path} ${message}`).join('\n')
  useEffect(() => {
    if (shape === '') return
    const frame = requestAnimationFrame(() => {
      const field = form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')
      field?.focus()
      field?.scrollIntoView({ block: 'center' })
    })
    return () => cancelAnimationFrame(frame)
  }, [form, shape])
}
