/** Draws one field of a schema by its type. */
import type { ReactNode } from 'react'
import { cx } from '../class-names.ts'
import { Select, Switch, TextField } from '../fields.tsx'
import { FieldGrid } from './field-grid.tsx'
import { type FieldSlot, problemOf } from './field-slot.ts'
import { isJsonObject } from './form-value.ts'
import { JsonField } from './json-field.tsx'
import { ListField } from './list-field.tsx'
import { NumberField } from './number-field.tsx'
import { RecordField } from './record-field.tsx'
import css from './schema-form.module.css'
import { SecretField } from './secret-field.tsx'
import { StepsField } from './steps-field.tsx'
import { VariantsField } from './variants-field.tsx'

export function drawField(slot: FieldSlot): ReactNode {
  const { field, value, onChange, autoFocus = false } = slot
  const shown = value === undefined ? field.default : value
  const problem = problemOf(slot)
  const label = field.title
  switch (field.type) {
    case 'text':
      if (field.secret) return <SecretField {...slot} field={field} />
      return (
        <TextField
          label={label}
          hint={field.description}
          problem={problem}
          isRequired={field.required && field.default === undefined}
          value={typeof shown === 'string' ? shown : ''}
          onChange={(text) => onChange(text === '' && field.nullable ? null : text)}
          autoFocus={autoFocus}
          isMono={field.multiline}
          {...(field.unit ? { unit: field.unit } : {})}
          {...(field.placeholder ? { placeholder: field.placeholder } : {})}
          {...(field.multiline ? { lines: 4 } : {})}
        />
      )
    case 'number':
      return <NumberField {...slot} field={field} />
    case 'toggle':
      return (
        <div>
          <Switch label={label} hint={field.description} isOn={shown === true} onChange={onChange} />
          {problem && <p className={cx(css['problem'])}>{problem}</p>}
        </div>
      )
    case 'choice':
      return (
        <Select
          label={label}
          hint={field.description}
          problem={problem}
          options={[
            ...(field.nullable ? [{ id: 'null', label: 'None' }] : []),
            ...field.choices.map((choice) => ({ id: `=${choice.value}`, label: choice.title })),
          ]}
          value={shown === null ? 'null' : shown === undefined ? null : `=${shown}`}
          onChange={(id) => onChange(field.choices.find((choice) => `=${choice.value}` === id)?.value ?? null)}
        />
      )
    case 'list':
      return field.ordered ? <StepsField {...slot} field={field} /> : <ListField {...slot} field={field} />
    case 'record':
      return <RecordField {...slot} field={field} />
    case 'fields':
      return (
        <fieldset className={cx(css['group'])}>
          <legend className={cx(css['legend'])}>{label}</legend>
          {field.description && <p className={cx(css['hint'])}>{field.description}</p>}
          {problem && <p className={cx(css['problem'])}>{problem}</p>}
          <FieldGrid
            fields={field.fields}
            value={isJsonObject(shown) ? shown : {}}
            onChange={onChange}
            issues={slot.issues}
            path={slot.path}
            draw={slot.draw}
          />
        </fieldset>
      )
    case 'variants':
      return <VariantsField {...slot} field={field} />
    case 'json':
      return <JsonField {...slot} />
  }
}
