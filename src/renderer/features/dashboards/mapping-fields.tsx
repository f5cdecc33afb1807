/** Words for values: a number or a range of numbers, what is said instead, and the state it is. */
import { Plus, Trash2 } from 'lucide-react'
import { Mapping } from '#shared/domain/dashboard/values.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { TextField } from '../../ui/fields.tsx'
import css from './board.module.css'
import { StateField } from './state-field.tsx'

interface MappingFieldsProps {
  readonly mappings: readonly Mapping[]
  readonly onChange: (mappings: Mapping[]) => void
}

export function MappingFields({ mappings, onChange }: MappingFieldsProps) {
  const put = (index: number, next: Mapping) => onChange(mappings.map((one, other) => (other === index ? next : one)))
  return (
    <fieldset className={cx(css['set'])}>
      <legend>Words for values</legend>
      {mappings.map((mapping, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a mapping has no name of its own
        <div key={index} className={cx(css['mapping'])}>
          {mapping.type === 'value' ? (
            <TextField
              label={`Value ${index + 1}`}
              isLabelHidden
              isMono
              value={String(mapping.value)}
              onChange={(text) => put(index, { ...mapping, value: numberOrText(text) })}
            />
          ) : (
            <span className={cx(css['note'])}>{matchWords(mapping)}</span>
          )}
          <TextField
            label={`Word ${index + 1}`}
            isLabelHidden
            placeholder="the number"
            value={mapping.text}
            onChange={(text) => put(index, { ...mapping, text })}
          />
          <StateField
            label={`State ${index + 1}`}
            value={mapping.state ?? 'neutral'}
            onChange={(state) => put(index, { ...mapping, state: state === 'neutral' ? null : state })}
          />
          <IconButton
            label={`Remove word ${index + 1}`}
            icon={Trash2}
            onPress={() => onChange(mappings.filter((_, other) => other !== index))}
          />
        </div>
      ))}
      <div>
        <Button
          size="small"
          icon={Plus}
          onPress={() => onChange([...mappings, Mapping.parse({ type: 'value', value: 1, text: 'Up', state: 'up' })])}
        >
          Add a word
        </Button>
      </div>
    </fieldset>
  )
}

function numberOrText(text: string): number | string {
  const trimmed = text.trim()
  return trimmed !== '' && Number.isFinite(Number(trimmed)) ? Number(trimmed) : text
}

function matchWords(mapping: Exclude<Mapping, { type: 'value' }>): string {
  switch (mapping.type) {
    case 'range':
      return `${mapping.from ?? '−∞'} to ${mapping.to ?? '∞'}`
    case 'special':
      return mapping.match === 'nan' ? 'not a number' : 'no value'
    case 'regex':
      return `/${mapping.pattern}/`
  }
}
