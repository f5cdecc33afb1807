/** Several values of one shape. Enter in a short one adds the next. */
import { Plus, X } from 'lucide-react'
import { useId, useState } from 'react'
import type { Json } from '#shared/contract/define.ts'
import { Button, IconButton } from '../button.tsx'
import { cx } from '../class-names.ts'
import { TextField } from '../fields.tsx'
import { FieldGrid } from './field-grid.tsx'
import { type FieldSlot, problemOf } from './field-slot.ts'
import { childPath, isJsonObject } from './form-value.ts'
import css from './schema-form.module.css'
import { type Field, startingFieldValue } from './schema-model.ts'

type ListFieldModel = Field & { type: 'list' }

export function ListField(slot: FieldSlot<ListFieldModel>) {
  const { field, onChange } = slot
  const shown = slot.value === undefined ? field.default : slot.value
  const items: readonly Json[] = Array.isArray(shown) ? shown : []
  const titleId = useId()
  const [focused, setFocused] = useState<number | null>(null)
  const problem = problemOf(slot)
  const isFull = field.maxItems !== null && items.length >= field.maxItems
  const replace = (index: number, item: Json | undefined) =>
    onChange(items.map((other, at) => (at === index ? (item ?? null) : other)))
  const add = () => {
    if (isFull) return
    setFocused(items.length)
    onChange([...items, startingFieldValue({ ...field.item, required: true }) ?? null])
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: the legend of a fieldset cannot stand beside a button
    <div role="group" aria-labelledby={titleId} className={cx(css['group'])}>
      <div className={cx(css['groupHead'])}>
        <div>
          <div id={titleId} className={cx(css['label'])}>
            {field.title}
          </div>
          {field.description && <p className={cx(css['hint'])}>{field.description}</p>}
        </div>
        <Button size="small" aria-label={`Add to ${field.title}`} icon={Plus} onPress={add} isDisabled={isFull}>
          Add
        </Button>
      </div>
      {items.length > 0 && (
        <ul className={cx(css['items'])}>
          {items.map((item, index) => (
            // An item has no identity but its place.
            // biome-ignore lint/suspicious/noArrayIndexKey: as said above
            <li key={index} className={cx(css['item'])}>
              <Item
                list={slot}
                index={index}
                item={item}
                autoFocus={focused === index}
                onChange={(next) => replace(index, next)}
                onEnter={add}
              />
              <IconButton
                label={`Remove ${field.title.toLowerCase()} ${index + 1}`}
                icon={X}
                onPress={() => onChange(items.filter((_, at) => at !== index))}
              />
            </li>
          ))}
        </ul>
      )}
      {problem && <p className={cx(css['problem'])}>{problem}</p>}
    </div>
  )
}

interface ItemProps {
  readonly list: FieldSlot<ListFieldModel>
  readonly index: number
  readonly item: Json
  readonly autoFocus: boolean
  readonly onChange: (value: Json | undefined) => void
  readonly onEnter: () => void
}

function Item({ list, index, item, autoFocus, onChange, onEnter }: ItemProps) {
  const { field } = list
  const path = childPath(list.path, index)
  if (field.item.type === 'fields')
    return (
      <div className={cx(css['itemFields'])}>
        <FieldGrid
          fields={field.item.fields}
          value={isJsonObject(item) ? item : {}}
          onChange={onChange}
          issues={list.issues}
          path={path}
          draw={list.draw}
          autoFocus={autoFocus}
        />
      </div>
    )
  if (field.item.type === 'text' && !field.item.secret)
    return (
      // biome-ignore lint/a11y/noStaticElementInteractions: Enter in the field inside is a shortcut for the Add button
      <div
        className={cx(css['itemText'])}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return
          event.preventDefault()
          onEnter()
        }}
      >
        <TextField
          label={`${field.title} ${index + 1}`}
          isLabelHidden
          problem={problemOf({ issues: list.issues, path })}
          value={typeof item === 'string' ? item : ''}
          onChange={onChange}
          autoFocus={autoFocus}
          {...(field.item.placeholder ? { placeholder: field.item.placeholder } : {})}
        />
      </div>
    )
  const itemField = { ...field.item, title: `${field.title} ${index + 1}` }
  return (
    <div className={cx(css['itemText'])}>
      {list.draw({ field: itemField, path, value: item, onChange, issues: list.issues, autoFocus, draw: list.draw })}
    </div>
  )
}
