/** A secret is written, never read: a stored one stands as such, and is kept or replaced. */

import { useState } from 'react'
import { keptSecret } from '#shared/contract/evidence.ts'
import { Button } from '../button.tsx'
import { cx } from '../class-names.ts'
import { TextField } from '../fields.tsx'
import { type FieldSlot, problemOf } from './field-slot.ts'
import css from './schema-form.module.css'
import type { Field } from './schema-model.ts'

export function SecretField(slot: FieldSlot<Field & { type: 'text' }>) {
  const { field, value, onChange, autoFocus = false } = slot
  const [hadStored] = useState(value === keptSecret)
  if (value === keptSecret)
    return (
      <div className={cx(css['secret'])}>
        <div>
          <div className={cx(css['label'])}>{field.title}</div>
          <div className={cx(css['hint'])}>Stored. It is never shown again.</div>
        </div>
        <Button size="small" onPress={() => onChange('')} aria-label={`Replace ${field.title}`}>
          Replace
        </Button>
      </div>
    )
  return (
    <div className={cx(css['secret'])}>
      <div className={cx(css['secretInput'])}>
        <TextField
          label={field.title}
          hint={field.description}
          problem={problemOf(slot)}
          type="password"
          value={typeof value === 'string' ? value : ''}
          onChange={onChange}
          isRequired={field.required}
          autoFocus={autoFocus || hadStored}
        />
      </div>
      {hadStored && (
        <Button size="small" variant="quiet" onPress={() => onChange(keptSecret)}>
          Keep the stored one
        </Button>
      )}
    </div>
  )
}
