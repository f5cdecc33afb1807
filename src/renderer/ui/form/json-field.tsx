/** What no other field can draw: the value as JSON text. Text that is no JSON is sent as a string and refused by name. */
import { useState } from 'react'
import { z } from 'zod'
import type { Json } from '#shared/contract/define.ts'
import { TextField } from '../fields.tsx'
import { type FieldSlot, problemOf } from './field-slot.ts'
import { sameJson } from './form-value.ts'

export function JsonField(slot: FieldSlot) {
  const { field, value, onChange } = slot
  const shown = value === undefined ? field.default : value
  const [typed, setTyped] = useState(() => textOf(shown))
  const parsed = parse(typed)
  const text = sameJson(parsed.value, shown) ? typed : textOf(shown)
  return (
    <TextField
      label={field.title}
      hint={field.description ?? 'JSON'}
      problem={problemOf(slot) ?? parsed.problem}
      lines={4}
      isMono
      value={text}
      onChange={(next) => {
        setTyped(next)
        onChange(parse(next).value)
      }}
    />
  )
}

function textOf(value: Json | undefined): string {
  return value === undefined ? '' : JSON.stringify(value, null, 2)
}

function parse(text: string): { value: Json | undefined; problem: string | null } {
  if (text.trim() === '') return { value: undefined, problem: null }
  try {
    return { value: z.json().parse(JSON.parse(text)), problem: null }
  } catch {
    // Half-typed JSON is the usual case: the text itself stands in the field and says what is missing.
    return { value: text, problem: 'Expected JSON, such as {"name": "value"}.' }
  }
}
