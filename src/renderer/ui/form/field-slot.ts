/** What every field of a drawn form is given. Fields hold fields, so each is handed what draws the ones inside it. */
import type { ReactNode } from 'react'
import type { Json } from '#shared/contract/define.ts'
import type { Issue } from '#shared/contract/errors.ts'
import { issuesAt } from './form-value.ts'
import type { Field } from './schema-model.ts'

export interface FieldSlot<F extends Field = Field> {
  readonly field: F
  /** Where the value lies in what is sent. */
  readonly path: string
  /** Undefined: left to the default. */
  readonly value: Json | undefined
  readonly onChange: (value: Json | undefined) => void
  readonly issues: readonly Issue[]
  readonly autoFocus?: boolean
  /** Draws a field inside this one. */
  readonly draw: (slot: FieldSlot) => ReactNode
}

/** The messages of the field itself, as one text; null when there are none. */
export function problemOf({ issues, path }: Pick<FieldSlot, 'issues' | 'path'>): string | null {
  const messages = issuesAt(issues, path)
  return messages.length > 0 ? messages.join(' ') : null
}
