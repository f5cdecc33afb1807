/**
 * Numbers as people type them, in the field's unit: durations and sizes also in words. What cannot be read stays in the
 * field and is sent as it is, so that nothing else is saved in its place.
 */
import { useState } from 'react'
import type { Json } from '#shared/contract/define.ts'
import { TextField } from '../fields.tsx'
import { type FieldSlot, problemOf } from './field-slot.ts'
import { isQuantityUnit, type ParsedQuantity, parseQuantity, quantityText } from './quantity-text.ts'
import type { Field } from './schema-model.ts'

type NumberFieldModel = Field & { type: 'number' }

export function NumberField(slot: FieldSlot<NumberFieldModel>) {
  const { field, value, onChange, autoFocus = false } = slot
  const shown = value === undefined ? field.default : value
  const [typed, setTyped] = useState(() => textOf(shown, field))
  const text = isSame(typed, shown, field) ? typed : textOf(shown, field)
  const parsed = text.trim() === '' ? null : parse(text, field)
  return (
    <TextField
      label={field.title}
      hint={field.description}
      problem={problemOf(slot) ?? (parsed && !parsed.ok ? parsed.message : null)}
      type="number"
      value={text}
      onChange={(next) => {
        setTyped(next)
        onChange(valueFrom(next, field))
      }}
      onBlur={() => setTyped(textOf(shown, field))}
      placeholder={field.nullable ? 'Off' : textOf(field.default, field)}
      isRequired={field.required && field.default === undefined && !field.nullable}
      autoFocus={autoFocus}
      {...(field.unit && !isQuantityUnit(field.unit) ? { unit: field.unit } : {})}
    />
  )
}

function valueFrom(text: string, field: NumberFieldModel): Json | undefined {
  if (text.trim() === '') return field.nullable ? null : undefined
  const parsed = parse(text, field)
  return parsed.ok ? parsed.value : text
}

function textOf(value: Json | undefined, field: NumberFieldModel): string {
  if (typeof value === 'string') return value
  if (typeof value !== 'number') return ''
  return isQuantityUnit(field.unit) && Number.isInteger(value) ? quantityText(value, field.unit) : String(value)
}

/** Whether the typed text still says the value; "1m" stays "1m" while it is typed. */
function isSame(text: string, value: Json | undefined, field: NumberFieldModel): boolean {
  const own = valueFrom(text, field)
  return own === value || (own === undefined && value === field.default && text === '')
}

function parse(text: string, field: NumberFieldModel): ParsedQuantity {
  const parsed = isQuantityUnit(field.unit) ? parseQuantity(text, field.unit) : parseNumber(text, field.integer)
  if (!parsed.ok) return parsed
  const { min, max } = field
  if ((min !== null && parsed.value < min) || (max !== null && parsed.value > max))
    return { ok: false, message: `Expected ${limitsText(field)}, got ${textOf(parsed.value, field)}.` }
  return parsed
}

function parseNumber(text: string, isInteger: boolean): ParsedQuantity {
  const value = Number(text.trim().replace(',', '.'))
  const what = isInteger ? 'a whole number' : 'a number'
  if (!Number.isFinite(value) || (isInteger && !Number.isInteger(value)))
    return { ok: false, message: `Expected ${what}, got "${text.trim()}".` }
  return { ok: true, value }
}

function limitsText({ min, max, ...field }: NumberFieldModel): string {
  const words = (value: number) => textOf(value, { ...field, min, max })
  if (min !== null && max !== null) return `${words(min)} to ${words(max)}`
  return min === null ? `at most ${words(max ?? 0)}` : `at least ${words(min)}`
}
