/** Names and values, such as headers or labels. A row without a name is not sent. */
import { Plus, X } from 'lucide-react'
import { useId, useState } from 'react'
import type { Json } from '#shared/contract/define.ts'
import { Button, IconButton } from '../button.tsx'
import { cx } from '../class-names.ts'
import { TextField } from '../fields.tsx'
import { type FieldSlot, problemOf } from './field-slot.ts'
import { childPath, hasIssueUnder, isJsonObject, issuesAt, type JsonObject, sameJson } from './form-value.ts'
import css from './schema-form.module.css'
import type { Field } from './schema-model.ts'

interface Row {
  readonly name: string
  readonly value: string
}

export function RecordField(slot: FieldSlot<Field & { type: 'record' }>) {
  const { field, onChange } = slot
  const shown = slot.value === undefined ? field.default : slot.value
  const record: JsonObject = isJsonObject(shown) ? shown : {}
  const [typed, setTyped] = useState<readonly Row[]>(() => rowsOf(record))
  const titleId = useId()
  const [focused, setFocused] = useState<number | null>(null)
  const rows = sameJson(recordOf(typed, field.value), record) ? typed : rowsOf(record)
  const set = (next: readonly Row[]) => {
    setTyped(next)
    onChange(recordOf(next, field.value))
  }
  const isSecret = field.value.type === 'text' && field.value.secret
  const edit = (index: number, change: Partial<Row>) =>
    set(rows.map((row, at) => (at === index ? { ...row, ...change } : row)))
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
        <Button
          size="small"
          aria-label={`Add to ${field.title}`}
          icon={Plus}
          onPress={() => {
            setFocused(rows.length)
            set([...rows, { name: '', value: '' }])
          }}
        >
          Add
        </Button>
      </div>
      {rows.length > 0 && (
        <ul className={cx(css['items'])}>
          {rows.map((row, index) => (
            // A row's name changes while it is typed: its place is its identity.
            // biome-ignore lint/suspicious/noArrayIndexKey: as said above
            <li key={index} className={cx(css['item'])}>
              <div className={cx(css['pair'])}>
                <TextField
                  label={`${field.title}, name ${index + 1}`}
                  isLabelHidden
                  placeholder="Name"
                  isMono
                  value={row.name}
                  onChange={(name) => edit(index, { name })}
                  autoFocus={focused === index}
                  problem={nameProblem(rows, index)}
                />
                <TextField
                  label={`${field.title}, value ${index + 1}`}
                  isLabelHidden
                  placeholder="Value"
                  isMono
                  type={isSecret ? 'password' : 'text'}
                  value={row.value}
                  onChange={(value) => edit(index, { value })}
                  problem={rowProblem(slot, row.name)}
                />
              </div>
              <IconButton
                label={`Remove ${row.name || `row ${index + 1}`}`}
                icon={X}
                onPress={() => set(rows.filter((_, at) => at !== index))}
              />
            </li>
          ))}
        </ul>
      )}
      {problemOf(slot) && <p className={cx(css['problem'])}>{problemOf(slot)}</p>}
    </div>
  )
}

function rowsOf(record: JsonObject): readonly Row[] {
  return Object.entries(record).map(([name, value]) => ({
    name,
    value: typeof value === 'string' ? value : JSON.stringify(value),
  }))
}

function recordOf(rows: readonly Row[], model: Field): JsonObject {
  const entries: [string, Json][] = []
  for (const { name, value } of rows) if (name.trim() !== '') entries.push([name.trim(), valueFrom(value, model)])
  return Object.fromEntries(entries)
}

function valueFrom(text: string, model: Field): Json {
  if (model.type === 'number' && text.trim() !== '' && Number.isFinite(Number(text))) return Number(text)
  if (model.type === 'toggle') return text === 'true'
  return text
}

function nameProblem(rows: readonly Row[], index: number): string | null {
  const row = rows[index]
  if (!row) return null
  const name = row.name.trim()
  if (name === '') return row.value === '' ? null : 'Expected a name; without one the row is not saved.'
  return rows.findIndex((other) => other.name.trim() === name) < index
    ? `"${name}" stands twice; the last one counts.`
    : null
}

function rowProblem({ issues, path }: FieldSlot, name: string): string | null {
  const own = childPath(path, name.trim())
  if (!hasIssueUnder(issues, own)) return null
  return issuesAt(issues, own).join(' ')
}
