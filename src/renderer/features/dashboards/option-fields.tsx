/** Fields bound to one option of a draft by its name: a change is handed on as the draft with that option changed. */
import { cx } from '../../ui/class-names.ts'
import { Checkbox, Segmented, Select, Switch, TextField } from '../../ui/fields.tsx'
import css from './board.module.css'
import { NumberText } from './number-text.tsx'

/** What is changed, such as a panel or its legend. */
export interface Draft<T> {
  readonly of: T
  readonly onChange: (changed: T) => void
}

interface OptionProps<T, K extends string> {
  readonly draft: Draft<T>
  readonly name: K
  readonly label: string
}

type Choices<Id extends string> = Readonly<Record<Id, string>>

type ChoiceProps<T extends Readonly<Record<K, string>>, K extends string> = OptionProps<T, K> & {
  /** Each value with the words that it is shown by. */
  readonly choices: Choices<T[K]>
}

const isOneOf = <Id extends string>(choices: Choices<Id>, id: string): id is Id => Object.hasOwn(choices, id)

const optionsOf = <Id extends string>(choices: Choices<Id>) =>
  Object.entries<string>(choices).flatMap(([id, label]) => (isOneOf(choices, id) ? [{ id, label }] : []))

/** One of few. */
export function SegmentedOption<K extends string, T extends Readonly<Record<K, string>>>(props: ChoiceProps<T, K>) {
  const { draft, name, label, choices } = props
  return (
    <Segmented
      label={label}
      options={optionsOf(choices)}
      value={draft.of[name]}
      onChange={(value) => draft.onChange({ ...draft.of, [name]: value })}
    />
  )
}

/** One of many, or of those with long words. */
export function SelectOption<K extends string, T extends Readonly<Record<K, string>>>(props: ChoiceProps<T, K>) {
  const { draft, name, label, choices } = props
  return (
    <Select
      label={label}
      options={optionsOf(choices)}
      value={draft.of[name]}
      onChange={(value) => draft.onChange({ ...draft.of, [name]: value })}
    />
  )
}

export function SwitchOption<K extends string, T extends Readonly<Record<K, boolean>>>(props: OptionProps<T, K>) {
  const { draft, name, label } = props
  return (
    <Switch label={label} isOn={draft.of[name]} onChange={(isOn) => draft.onChange({ ...draft.of, [name]: isOn })} />
  )
}

export function NumberOption<K extends string, T extends Readonly<Record<K, number>>>(
  props: OptionProps<T, K> & {
    readonly min: number
    readonly max: number
    readonly unit?: string
    readonly isWhole?: boolean
  },
) {
  const { draft, name, ...field } = props
  return (
    <NumberText
      {...field}
      isNeeded
      value={draft.of[name]}
      onChange={(value) => value !== null && draft.onChange({ ...draft.of, [name]: value })}
    />
  )
}

export function TextOption<K extends string, T extends Readonly<Record<K, string>>>(
  props: OptionProps<T, K> & { readonly placeholder?: string; readonly isMono?: boolean },
) {
  const { draft, name, ...field } = props
  return (
    <TextField {...field} value={draft.of[name]} onChange={(text) => draft.onChange({ ...draft.of, [name]: text })} />
  )
}

/** Any of a list; those that are ticked stand in the order in which they were. */
export function TicksOption<One extends string, K extends string, T extends Readonly<Record<K, readonly One[]>>>({
  draft,
  name,
  label,
  choices,
}: OptionProps<T, K> & { readonly choices: Choices<One> }) {
  const ticked: readonly One[] = draft.of[name]
  const tick = (one: One, isOn: boolean) =>
    draft.onChange({ ...draft.of, [name]: isOn ? [...ticked, one] : ticked.filter((other) => other !== one) })
  return (
    <fieldset className={cx(css['set'])}>
      <legend>{label}</legend>
      <div className={cx(css['ticks'])}>
        {optionsOf(choices).map(({ id: one, label: words }) => (
          <Checkbox key={one} label={words} isChecked={ticked.includes(one)} onChange={(isOn) => tick(one, isOn)} />
        ))}
      </div>
    </fieldset>
  )
}
