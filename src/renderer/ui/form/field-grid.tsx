/** Fields of one level, without folding; numbers and choices stand side by side. */
import { cx } from '../class-names.ts'
import type { FieldSlot } from './field-slot.ts'
import { childPath, type JsonObject, withEntry } from './form-value.ts'
import css from './schema-form.module.css'
import type { Field } from './schema-model.ts'

export interface FieldGridProps extends Pick<FieldSlot, 'path' | 'issues' | 'draw'> {
  readonly fields: readonly Field[]
  readonly value: JsonObject
  readonly onChange: (value: JsonObject) => void
  /** Puts the focus into the first field when it appears. */
  readonly autoFocus?: boolean
}

export function FieldGrid({ fields, value, onChange, issues, path, draw, autoFocus = false }: FieldGridProps) {
  return (
    <div className={cx(css['grid'])}>
      {fields.map((field, index) => (
        <div key={field.name} className={cx(css['slot'], isWide(field) && css['wide'])}>
          {draw({
            field,
            path: childPath(path, field.name),
            value: value[field.name],
            onChange: (next) => onChange(withEntry(value, field.name, next)),
            issues,
            autoFocus: autoFocus && index === 0,
            draw,
          })}
        </div>
      ))}
    </div>
  )
}

function isWide(field: Field): boolean {
  switch (field.type) {
    case 'number':
    case 'choice':
      return false
    case 'text':
      return field.multiline || (field.maxLength ?? Number.POSITIVE_INFINITY) > (field.essential ? 60 : 100)
    default:
      return true
  }
}
