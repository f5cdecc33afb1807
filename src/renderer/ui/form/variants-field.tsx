/** One of several shapes. What was typed into another one is kept while the form is open. */
import { useRef } from 'react'
import type { Json } from '#shared/contract/define.ts'
import { cx } from '../class-names.ts'
import { Segmented, Select } from '../fields.tsx'
import { FieldGrid } from './field-grid.tsx'
import { type FieldSlot, problemOf } from './field-slot.ts'
import { isJsonObject } from './form-value.ts'
import css from './schema-form.module.css'
import { type Field, variantValue } from './schema-model.ts'

/** More than this many do not fit side by side. */
const mostSegments = 4

export function VariantsField(slot: FieldSlot<Field & { type: 'variants' }>) {
  const { field, onChange } = slot
  const shown = slot.value === undefined ? field.default : slot.value
  const value = isJsonObject(shown) ? shown : {}
  const others = useRef(new Map<string, Json>())
  const chosen = field.variants.find((variant) => variant.value === value[field.discriminator]) ?? null
  const choose = (id: string) => {
    const variant = field.variants.find((candidate) => candidate.value === id)
    if (!variant) return
    if (chosen) others.current.set(chosen.value, value)
    onChange(others.current.get(id) ?? variantValue(field.discriminator, variant))
  }
  const options = field.variants.map((variant) => ({ id: variant.value, label: variant.title }))
  const problem = problemOf(slot)
  return (
    <div className={cx(css['variants'])}>
      {options.length <= mostSegments ? (
        <Segmented label={field.title} options={options} value={chosen?.value ?? ''} onChange={choose} />
      ) : (
        <Select label={field.title} options={options} value={chosen?.value ?? null} onChange={choose} />
      )}
      {field.description && <p className={cx(css['hint'])}>{field.description}</p>}
      {problem && <p className={cx(css['problem'])}>{problem}</p>}
      {chosen && chosen.fields.length > 0 && (
        <div className={cx(css['variantFields'])}>
          <FieldGrid
            fields={chosen.fields}
            value={value}
            onChange={onChange}
            issues={slot.issues}
            path={slot.path}
            draw={slot.draw}
          />
        </div>
      )}
    </div>
  )
}
