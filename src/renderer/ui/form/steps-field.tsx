/**
 * Items whose order is the point: cards that are added, moved and removed, also by keyboard (Alt and the arrow keys move
 * the card the focus is in). What a step usually needs stands open, the rest is folded.
 */
import { ArrowDown, ArrowUp, Plus, X } from 'lucide-react'
import { useId, useRef, useState } from 'react'
import type { Json } from '#shared/contract/define.ts'
import { Button, IconButton } from '../button.tsx'
import { cx } from '../class-names.ts'
import { Select } from '../fields.tsx'
import { FieldGrid } from './field-grid.tsx'
import { type FieldSlot, problemOf } from './field-slot.ts'
import { childPath, isJsonObject, type JsonObject } from './form-value.ts'
import { MoreOptions } from './more-options.tsx'
import { type Field, startingFieldValue, variantValue } from './schema-model.ts'
import css from './steps-field.module.css'

type StepsFieldModel = Field & { type: 'list' }

export function StepsField(slot: FieldSlot<StepsFieldModel>) {
  const { field, onChange } = slot
  const shown = slot.value === undefined ? field.default : slot.value
  const items: readonly Json[] = Array.isArray(shown) ? shown : []
  // Cards have no identity in the value; these keep what is typed and unfolded with its card when cards move.
  const keys = useKeysOf(items.length)
  const [focused, setFocused] = useState<number | null>(null)
  const titleId = useId()
  const list = useRef<HTMLOListElement>(null)
  const problem = problemOf(slot)
  const isFull = field.maxItems !== null && items.length >= field.maxItems

  const add = () => {
    if (isFull) return
    setFocused(items.length)
    onChange([...items, startingFieldValue({ ...field.item, required: true }) ?? null])
  }
  const move = (from: number, to: number) => {
    const item = items[from]
    if (item === undefined || to < 0 || to >= items.length) return
    keys.move(from, to)
    onChange(items.toSpliced(from, 1).toSpliced(to, 0, item))
  }
  const remove = (index: number) => {
    keys.remove(index)
    onChange(items.toSpliced(index, 1))
    list.current?.closest<HTMLElement>('[role="group"]')?.querySelector<HTMLElement>('button')?.focus()
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: the legend of a fieldset cannot stand beside a button
    <div role="group" aria-labelledby={titleId} className={cx(css['steps'])}>
      <div className={cx(css['head'])}>
        <div>
          <span id={titleId} className={cx(css['title'])}>
            {field.title}
          </span>
          <p className={cx(css['hint'])}>{field.description ?? 'Alt with ↑ or ↓ moves a step.'}</p>
        </div>
        <Button size="small" aria-label={`Add to ${field.title}`} icon={Plus} onPress={add} isDisabled={isFull}>
          Add step
        </Button>
      </div>
      {items.length > 0 && (
        <ol ref={list} className={cx(css['cards'])}>
          {items.map((item, index) => (
            <li
              key={keys.of(index)}
              className={cx(css['card'])}
              onKeyDown={(event) => {
                if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
                event.preventDefault()
                event.stopPropagation()
                move(index, event.key === 'ArrowUp' ? index - 1 : index + 1)
              }}
            >
              <div className={cx(css['cardHead'])}>
                <span className={cx(css['number'])}>{index + 1}</span>
                <VariantChoice
                  slot={slot}
                  item={item}
                  index={index}
                  onChange={(next) => onChange(items.with(index, next))}
                />
                <span className={cx(css['tools'])}>
                  <IconButton
                    label={`Move step ${index + 1} up`}
                    icon={ArrowUp}
                    isDisabled={index === 0}
                    onPress={() => move(index, index - 1)}
                  />
                  <IconButton
                    label={`Move step ${index + 1} down`}
                    icon={ArrowDown}
                    isDisabled={index === items.length - 1}
                    onPress={() => move(index, index + 1)}
                  />
                  <IconButton label={`Remove step ${index + 1}`} icon={X} onPress={() => remove(index)} />
                </span>
              </div>
              <Card
                slot={slot}
                index={index}
                item={item}
                autoFocus={focused === index}
                onChange={(next) => onChange(items.with(index, next))}
              />
            </li>
          ))}
        </ol>
      )}
      {problem && <p className={cx(css['problem'])}>{problem}</p>}
    </div>
  )
}

interface CardProps {
  readonly slot: FieldSlot<StepsFieldModel>
  readonly index: number
  readonly item: Json
  readonly onChange: (value: Json) => void
}

/** What kind of step it is, where there are several. */
function VariantChoice({ slot, item, index, onChange }: CardProps) {
  const { item: shape } = slot.field
  if (shape.type !== 'variants') return null
  const value = isJsonObject(item) ? item : {}
  const chosen = value[shape.discriminator]
  return (
    <div className={cx(css['variant'])}>
      <Select
        label={`What step ${index + 1} does`}
        isLabelHidden
        options={shape.variants.map((variant) => ({ id: variant.value, label: variant.title }))}
        value={typeof chosen === 'string' ? chosen : null}
        onChange={(id) => {
          const variant = shape.variants.find((candidate) => candidate.value === id)
          if (variant)
            onChange({ ...ownEntries(variantValue(shape.discriminator, variant)), ...kept(value, variant.fields) })
        }}
      />
    </div>
  )
}

function Card({ slot, index, item, onChange, autoFocus }: CardProps & { readonly autoFocus: boolean }) {
  const value = isJsonObject(item) ? item : {}
  const fields = fieldsOf(slot.field.item, value)
  const path = childPath(slot.path, index)
  const shared = { value, onChange, issues: slot.issues, path, draw: slot.draw }
  const essentials = fields.filter(({ essential }) => essential)
  const folded = fields.filter(({ essential }) => !essential)
  const problem = problemOf({ issues: slot.issues, path })
  return (
    <div className={cx(css['body'])}>
      <FieldGrid {...shared} fields={essentials} autoFocus={autoFocus} />
      {folded.length > 0 && <MoreOptions {...shared} fields={folded} />}
      {problem && <p className={cx(css['problem'])}>{problem}</p>}
    </div>
  )
}

function fieldsOf(shape: Field, value: JsonObject): readonly Field[] {
  if (shape.type === 'fields') return shape.fields
  if (shape.type !== 'variants') return []
  return shape.variants.find((variant) => variant.value === value[shape.discriminator])?.fields ?? []
}

/** What both shapes of a step have, such as its name, is not lost when it becomes another. */
function kept(value: JsonObject, fields: readonly Field[]): JsonObject {
  return Object.fromEntries(
    fields.flatMap(({ name }) => {
      const own = value[name]
      return own === undefined ? [] : [[name, own]]
    }),
  )
}

function ownEntries(value: Json): JsonObject {
  return isJsonObject(value) ? value : {}
}

/** A key for each of `count` places that goes along when its item is moved. */
function useKeysOf(count: number) {
  const keys = useRef<number[]>([])
  const next = useRef(0)
  while (keys.current.length < count) keys.current.push(next.current++)
  keys.current.length = count
  return {
    of: (index: number) => keys.current[index] ?? index,
    move(from: number, to: number) {
      const [key] = keys.current.splice(from, 1)
      if (key !== undefined) keys.current.splice(to, 0, key)
    },
    remove(index: number) {
      keys.current.splice(index, 1)
    },
  }
}
