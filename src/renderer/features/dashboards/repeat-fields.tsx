import type { Panel } from '#shared/domain/dashboard/panels.ts'
import { cx } from '../../ui/class-names.ts'
import { Segmented, Select } from '../../ui/fields.tsx'
import css from './board.module.css'

interface RepeatFieldsProps {
  readonly repeat: Panel['repeat']
  readonly variables: readonly string[]
  readonly onChange: (repeat: Panel['repeat']) => void
}

const directions = [
  { id: 'across', label: 'Across' },
  { id: 'down', label: 'Down' },
] as const
const never = '-'

export function RepeatFields({ repeat, variables, onChange }: RepeatFieldsProps) {
  if (variables.length === 0 && repeat === null) {
    return (
      <p className={cx(css['note'])}>With a variable on the board, a panel can stand once for each of its values.</p>
    )
  }
  return (
    <div className={cx(css['fields'])}>
      <Select
        label="Once for each value of"
        options={[{ id: never, label: 'Nothing' }, ...variables.map((name) => ({ id: name, label: `$${name}` }))]}
        value={repeat?.variable ?? never}
        onChange={(variable) =>
          onChange(
            variable === never
              ? null
              : { variable, direction: repeat?.direction ?? 'across', mostInRow: repeat?.mostInRow ?? 4 },
          )
        }
      />
      {repeat && (
        <Segmented
          label="Side by side or below each other"
          options={directions}
          value={repeat.direction}
          onChange={(direction) => onChange({ ...repeat, direction })}
        />
      )}
    </div>
  )
}
