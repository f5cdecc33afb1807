import { useState } from 'react'
import { AppError } from '#shared/contract/errors.ts'
import { Variable } from '#shared/domain/dashboard/variable.ts'
import { parseVariableQuery } from '#shared/domain/dashboard/variables.ts'
import { cx } from '../../ui/class-names.ts'
import { Select, Switch, TextField } from '../../ui/fields.tsx'
import css from './board.module.css'
import { useDraft } from './use-draft.ts'

interface VariableFieldsProps {
  readonly variable: Variable
  /** Names of the others. */
  readonly taken: readonly string[]
  readonly onChange: (variable: Variable) => void
}

const sorts = [
  { id: 'none', label: 'As they come' },
  { id: 'alphabetical', label: 'A to Z' },
  { id: 'alphabetical-descending', label: 'Z to A' },
  { id: 'numerical', label: 'Smallest number first' },
  { id: 'numerical-descending', label: 'Largest number first' },
  { id: 'natural', label: 'As people count' },
] as const

export function VariableFields({ variable, taken, onChange }: VariableFieldsProps) {
  const { value, set, problems } = useDraft<Variable>(variable, Variable, onChange, (next) => problemsOf(next, taken))
  const problem = (path: string) => problems.get(path) ?? null
  return (
    <div className={cx(css['fields'])}>
      <div className={cx(css['pair'])}>
        <TextField
          label="Name"
          isMono
          value={value.name}
          onChange={(name) => set({ name })}
          problem={problem('name')}
        />
        <TextField label="Label" value={value.label} onChange={(label) => set({ label })} placeholder={value.name} />
      </div>
      {value.type === 'query' && (
        <>
          <TextField
            label="Query"
            isMono
            value={value.query}
            onChange={(query) => set({ query })}
            problem={problem('query')}
            hint="label_values(metric, label) · label_names() · metrics(regex) · query_result(expr); other variables as $name"
          />
          <TextField
            label="Keep only what matches"
            isMono
            value={value.regex}
            onChange={(regex) => set({ regex })}
            problem={problem('regex')}
            hint="RE2; a group is what is kept"
          />
          <Select label="Order" options={sorts} value={value.sort} onChange={(sort) => set({ sort })} />
        </>
      )}
      {value.type === 'custom' && (
        <ListText
          label="Values"
          values={value.options.map(({ text, value: one }) => (text && text !== one ? `${text} : ${one}` : one))}
          problem={problem('options')}
          onChange={(list) => set({ options: list.map(optionOf) })}
        />
      )}
      {value.type === 'interval' && (
        <>
          <ListText
            label="Durations"
            values={value.options}
            problem={[...problems].find(([path]) => path.startsWith('options'))?.[1] ?? null}
            onChange={(options) => set({ options: [...options] })}
          />
          <Switch label="Offer auto" isOn={value.hasAuto} onChange={(hasAuto) => set({ hasAuto })} />
        </>
      )}
      {value.type === 'constant' && (
        <TextField label="Value" value={value.value} onChange={(next) => set({ value: next })} />
      )}
      {value.type === 'textbox' && (
        <TextField label="At first" value={value.current} onChange={(current) => set({ current })} />
      )}
      {(value.type === 'query' || value.type === 'custom') && (
        <>
          <Switch label="Several at once" isOn={value.isMulti} onChange={(isMulti) => set({ isMulti })} />
          <Switch label="Offer all" isOn={value.includesAll} onChange={(includesAll) => set({ includesAll })} />
          {value.includesAll && (
            <TextField
              label="What all stands for"
              isMono
              value={value.allValue ?? ''}
              placeholder="every value"
              onChange={(text) => set({ allValue: text === '' ? null : text })}
            />
          )}
        </>
      )}
      <Switch label="Hidden on the board" isOn={value.isHidden} onChange={(isHidden) => set({ isHidden })} />
    </div>
  )
}

function problemsOf(variable: Variable, taken: readonly string[]): ReadonlyMap<string, string> {
  const problems = new Map<string, string>()
  if (taken.includes(variable.name)) {
    problems.set('name', `expected a name of its own, came "${variable.name}", which is taken.`)
  }
  if (variable.type === 'query') {
    try {
      parseVariableQuery(variable.query)
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      problems.set('query', error.message)
    }
  }
  return problems
}

const optionOf = (written: string): { text: string; value: string } => {
  const [text = '', value] = written.split(/\s+:\s+/, 2)
  return value === undefined ? { text: '', value: text } : { text, value }
}

function ListText({
  label,
  values,
  problem,
  onChange,
}: {
  readonly label: string
  readonly values: readonly string[]
  readonly problem: string | null
  readonly onChange: (values: readonly string[]) => void
}) {
  const [text, setText] = useState(values.join(', '))
  return (
    <TextField
      label={label}
      isMono
      value={text}
      hint="With commas between them"
      problem={problem}
      onChange={(next) => {
        setText(next)
        onChange(
          next
            .split(',')
            .map((one) => one.trim())
            .filter(Boolean),
        )
      }}
    />
  )
}
