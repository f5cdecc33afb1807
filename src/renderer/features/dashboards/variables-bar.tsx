/** What a board can be looked at for: its variables, and what it marks on its charts. */
import { ChevronDown } from 'lucide-react'
import { useState } from 'react'
import { Dialog, DialogTrigger, Popover } from 'react-aria-components'
import type { Annotation } from '#shared/domain/dashboard/annotation.ts'
import { allValues } from '#shared/domain/dashboard/variable.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { Checkbox, Select, Switch, TextField } from '../../ui/fields.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import css from './board.module.css'
import type { BoardVariables, VariableState } from './use-variables.ts'

interface VariablesBarProps {
  readonly variables: BoardVariables
  readonly onChoose: (name: string, values: readonly string[]) => void
  readonly annotations: readonly Annotation[]
  readonly problems: ReadonlyMap<string, string>
  readonly onShowAnnotation: (name: string, isShown: boolean) => void
}

export function VariablesBar({ variables, onChoose, annotations, problems, onShowAnnotation }: VariablesBarProps) {
  const shown = variables.states.filter(({ variable }) => !variable.isHidden && variable.type !== 'constant')
  if (shown.length === 0 && annotations.length === 0) return null
  return (
    <section className={cx(css['variables'])} aria-label="Variables">
      {shown.map((state) => (
        <VariableField
          key={state.variable.name}
          state={state}
          onChoose={(values) => onChoose(state.variable.name, values)}
        />
      ))}
      {annotations.map(({ name, isShown }) => (
        <span key={name} className={cx(css['annotation'])} title={problems.get(name)}>
          <Switch label={name} isOn={isShown} onChange={(next) => onShowAnnotation(name, next)} />
          {problems.has(name) && <span className={cx(css['bad'])}>failed</span>}
        </span>
      ))}
    </section>
  )
}

function VariableField({
  state,
  onChoose,
}: {
  readonly state: VariableState
  readonly onChoose: (values: readonly string[]) => void
}) {
  const { variable, options, value, problem } = state
  const label = variable.label || variable.name
  const isMany = (variable.type === 'query' || variable.type === 'custom') && (variable.isMulti || variable.includesAll)
  return (
    <div className={cx(css['variable'])}>
      <span className={cx(css['variableName'])}>{label}</span>
      {variable.type === 'textbox' ? (
        <TextVariable label={label} value={value.values[0] ?? ''} onChoose={onChoose} />
      ) : isMany || options.length > 12 ? (
        <ManyVariable state={state} label={label} isMulti={isMany && variable.isMulti} onChoose={onChoose} />
      ) : (
        <Select
          label={label}
          isLabelHidden
          options={options.map((option) => ({ id: option.value, label: option.text }))}
          value={variable.type === 'interval' ? intervalChoice(state) : (value.values[0] ?? null)}
          onChange={(id) => onChoose([id])}
          placeholder={problem === null ? 'None there' : 'Failed'}
        />
      )}
      {problem !== null && (
        <span className={cx(css['bad'])} role="alert" title={problem}>
          {problem}
        </span>
      )}
    </div>
  )
}

/** An automatic interval has a length as its value, but is chosen by its name. */
function intervalChoice({ options, value, variable }: VariableState): string | null {
  const current = value.values[0] ?? ''
  if (options.some((option) => option.value === current)) return current
  return variable.type === 'interval' && variable.hasAuto ? 'auto' : null
}

function TextVariable({
  label,
  value,
  onChoose,
}: {
  readonly label: string
  readonly value: string
  readonly onChoose: (values: readonly string[]) => void
}) {
  const [text, setText] = useState(value)
  return (
    <TextField
      label={label}
      isLabelHidden
      value={text}
      onChange={setText}
      onBlur={() => text !== value && onChoose([text])}
    />
  )
}

/** More than a list of a dozen, or several at once: searched and ticked. */
function ManyVariable({
  state,
  label,
  isMulti,
  onChoose,
}: {
  readonly state: VariableState
  readonly label: string
  readonly isMulti: boolean
  readonly onChoose: (values: readonly string[]) => void
}) {
  const { variable, options, value } = state
  const [text, setText] = useState('')
  const hasAll = (variable.type === 'query' || variable.type === 'custom') && variable.includesAll
  const isAll = value.texts[0] === 'All' && hasAll
  const found = options.filter((option) => option.text.toLowerCase().includes(text.toLowerCase()))
  const toggle = (one: string, isOn: boolean) => {
    const now = isAll ? [] : value.values
    const next = isOn ? [...now, one] : now.filter((other) => other !== one)
    onChoose(next.length === 0 && hasAll ? [allValues] : next)
  }
  const words = isAll
    ? 'All'
    : value.texts.length > 2
      ? `${value.texts.length} chosen`
      : value.texts.join(', ') || 'None there'
  return (
    <DialogTrigger>
      <Button size="small" aria-label={`${label}: ${words}`}>
        <span className={cx(css['chosen'])}>{words}</span>
        <ChevronDown size={14} aria-hidden />
      </Button>
      <Popover placement="bottom start" offset={4} className={cx(css['popover'])}>
        <Dialog aria-label={label} className={cx(css['choices'])}>
          {({ close }) => (
            <>
              {options.length > 8 && <SearchField label={`Find in ${label}`} value={text} onChange={setText} />}
              <ul className={cx(css['choiceList'])}>
                {hasAll && text === '' && (
                  <li>
                    <Checkbox label="All" isChecked={isAll} onChange={() => onChoose([allValues])} />
                  </li>
                )}
                {found.slice(0, 300).map((option) => (
                  <li key={option.value}>
                    <Checkbox
                      label={option.text}
                      isChecked={!isAll && value.values.includes(option.value)}
                      onChange={(isOn) => {
                        if (isMulti) return toggle(option.value, isOn)
                        onChoose([option.value])
                        close()
                      }}
                    />
                  </li>
                ))}
              </ul>
              {found.length === 0 && <p className={cx(css['note'])}>Nothing is called that.</p>}
              {found.length > 300 && <p className={cx(css['note'])}>{found.length - 300} more: search for them.</p>}
            </>
          )}
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}
