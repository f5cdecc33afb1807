/** The fields of forms. Each shows its label, its unit, its hint, and its problem right beside it. */
import { Check, ChevronDown, Minus } from 'lucide-react'
import type { ReactNode, Ref } from 'react'
import {
  Button as AriaButton,
  Checkbox as AriaCheckbox,
  Select as AriaSelect,
  Switch as AriaSwitch,
  TextField as AriaTextField,
  FieldError,
  Group,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Radio,
  RadioGroup,
  SelectValue,
  Text,
  TextArea,
} from 'react-aria-components'
import { cx } from './class-names.ts'
import css from './fields.module.css'

export interface FieldProps {
  /** Read out; also shown unless `isLabelHidden`. */
  readonly label: string
  readonly isLabelHidden?: boolean
  readonly hint?: ReactNode
  /** What is wrong with the value; shown below and read out. */
  readonly problem?: string | null
  readonly isDisabled?: boolean
  readonly isRequired?: boolean
}

export interface TextFieldProps extends FieldProps {
  readonly value: string
  readonly onChange: (value: string) => void
  readonly onBlur?: () => void
  readonly placeholder?: string
  /** Shown inside, after the value. */
  readonly unit?: string
  readonly type?: 'text' | 'password' | 'url' | 'number' | 'email'
  /** More than one line; that many are shown. */
  readonly lines?: number
  readonly isMono?: boolean
  readonly autoFocus?: boolean
  readonly name?: string
  readonly inputRef?: Ref<HTMLInputElement>
}

export function TextField(props: TextFieldProps) {
  const { label, isLabelHidden, hint, problem, isDisabled, isRequired, value, onChange, onBlur, unit, lines } = props
  const shared = {
    ...(props.placeholder ? { placeholder: props.placeholder } : {}),
    className: cx(css['input'], props.isMono && css['mono']),
    spellCheck: false,
    autoComplete: 'off',
  }
  return (
    <AriaTextField
      className={cx(css['field'])}
      value={value}
      onChange={onChange}
      isInvalid={Boolean(problem)}
      isDisabled={isDisabled ?? false}
      isRequired={isRequired ?? false}
      validationBehavior="aria"
      type={props.type === 'number' ? 'text' : (props.type ?? 'text')}
      {...(props.type === 'number' ? { inputMode: 'decimal' as const } : {})}
      {...(isLabelHidden ? { 'aria-label': label } : {})}
      {...(onBlur ? { onBlur } : {})}
      {...(props.name ? { name: props.name } : {})}
      autoFocus={props.autoFocus ?? false}
    >
      {!isLabelHidden && <FieldLabel label={label} isRequired={isRequired ?? false} />}
      {lines === undefined ? (
        <Group className={cx(css['box'])}>
          <Input {...shared} {...(props.inputRef ? { ref: props.inputRef } : {})} />
          {unit && <span className={cx(css['unit'])}>{unit}</span>}
        </Group>
      ) : (
        <Group className={cx(css['box'])}>
          <TextArea {...shared} rows={lines} className={cx(shared.className, css['area'])} />
        </Group>
      )}
      <FieldNotes hint={hint} problem={problem} />
    </AriaTextField>
  )
}

export interface SelectOption<Id extends string> {
  readonly id: Id
  readonly label: string
  readonly hint?: string
}

export function Select<Id extends string>({
  label,
  isLabelHidden,
  hint,
  problem,
  isDisabled,
  isRequired,
  options,
  value,
  onChange,
  placeholder,
}: FieldProps & {
  readonly options: readonly SelectOption<Id>[]
  readonly value: Id | null
  readonly onChange: (value: Id) => void
  readonly placeholder?: string
}) {
  return (
    <AriaSelect
      className={cx(css['field'])}
      value={value}
      onChange={(key) => {
        const option = options.find(({ id }) => id === key)
        if (option) onChange(option.id)
      }}
      isInvalid={Boolean(problem)}
      isDisabled={isDisabled ?? false}
      isRequired={isRequired ?? false}
      validationBehavior="aria"
      placeholder={placeholder ?? 'Choose'}
      {...(isLabelHidden ? { 'aria-label': label } : {})}
    >
      {!isLabelHidden && <FieldLabel label={label} isRequired={isRequired ?? false} />}
      <AriaButton className={cx(css['box'], css['select'])}>
        <SelectValue className={cx(css['selectValue'])}>
          {({ selectedText, defaultChildren }) => selectedText || defaultChildren}
        </SelectValue>
        <ChevronDown size={14} aria-hidden className={cx(css['lens'])} />
      </AriaButton>
      <FieldNotes hint={hint} problem={problem} />
      <Popover offset={4} className={cx(css['popover'])}>
        <ListBox className={cx(css['list'])}>
          {options.map((option) => (
            <ListBoxItem key={option.id} id={option.id} textValue={option.label} className={cx(css['option'])}>
              <Text slot="label">{option.label}</Text>
              {option.hint && (
                <Text slot="description" className={cx(css['optionHint'])}>
                  {option.hint}
                </Text>
              )}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </AriaSelect>
  )
}

export function Switch({
  label,
  isLabelHidden,
  hint,
  isOn,
  onChange,
  isDisabled,
}: FieldProps & { readonly isOn: boolean; readonly onChange: (isOn: boolean) => void }) {
  return (
    <AriaSwitch
      className={cx(css['switch'])}
      isSelected={isOn}
      onChange={onChange}
      isDisabled={isDisabled ?? false}
      {...(isLabelHidden ? { 'aria-label': label } : {})}
    >
      <span className={cx(css['track'])} aria-hidden />
      {!isLabelHidden && (
        <span>
          {label}
          {hint && <span className={cx(css['switchHint'])}>{hint}</span>}
        </span>
      )}
    </AriaSwitch>
  )
}

export function Checkbox({
  label,
  isLabelHidden,
  isChecked,
  isMixed,
  onChange,
  isDisabled,
}: {
  readonly label: string
  readonly isLabelHidden?: boolean
  readonly isChecked: boolean
  readonly isMixed?: boolean
  readonly onChange: (isChecked: boolean) => void
  readonly isDisabled?: boolean
}) {
  return (
    <AriaCheckbox
      className={cx(css['checkbox'])}
      isSelected={isChecked}
      isIndeterminate={isMixed ?? false}
      onChange={onChange}
      isDisabled={isDisabled ?? false}
      {...(isLabelHidden ? { 'aria-label': label } : {})}
    >
      <span className={cx(css['tick'])} aria-hidden>
        {isMixed ? <Minus size={12} strokeWidth={3} /> : isChecked && <Check size={12} strokeWidth={3} />}
      </span>
      {!isLabelHidden && label}
    </AriaCheckbox>
  )
}

/** A few options side by side, all visible. */
export function Segmented<Id extends string>({
  label,
  isLabelHidden,
  options,
  value,
  onChange,
}: {
  readonly label: string
  readonly isLabelHidden?: boolean
  readonly options: readonly { readonly id: Id; readonly label: string }[]
  readonly value: Id
  readonly onChange: (value: Id) => void
}) {
  return (
    <RadioGroup
      className={cx(css['field'])}
      value={value}
      orientation="horizontal"
      onChange={(id) => {
        const option = options.find((candidate) => candidate.id === id)
        if (option) onChange(option.id)
      }}
      {...(isLabelHidden ? { 'aria-label': label } : {})}
    >
      {!isLabelHidden && <Label className={cx(css['label'])}>{label}</Label>}
      <div className={cx(css['segments'])}>
        {options.map((option) => (
          <Radio key={option.id} value={option.id} className={cx(css['segment'])}>
            {option.label}
          </Radio>
        ))}
      </div>
    </RadioGroup>
  )
}

function FieldLabel({ label, isRequired }: { readonly label: string; readonly isRequired: boolean }) {
  return (
    <Label className={cx(css['label'])}>
      {label}
      {isRequired && <span className={cx(css['required'])}> required</span>}
    </Label>
  )
}

function FieldNotes({ hint, problem }: { readonly hint?: ReactNode; readonly problem?: string | null | undefined }) {
  if (problem) return <FieldError className={cx(css['problem'])}>{problem}</FieldError>
  if (!hint) return null
  return (
    <Text slot="description" className={cx(css['hint'])}>
      {hint}
    </Text>
  )
}
