import { Search, X } from 'lucide-react'
import type { Ref } from 'react'
import { Button as AriaButton, SearchField as AriaSearchField, Group, Input } from 'react-aria-components'
import { cx } from './class-names.ts'
import css from './fields.module.css'

/** `/` puts the focus here where the view says so; Escape empties it. */
export function SearchField({
  label,
  value,
  onChange,
  placeholder,
  inputRef,
}: {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly placeholder?: string
  readonly inputRef?: Ref<HTMLInputElement>
}) {
  return (
    <AriaSearchField aria-label={label} value={value} onChange={onChange} className={cx(css['search'])}>
      <Group className={cx(css['box'])}>
        <Search size={14} aria-hidden className={cx(css['lens'])} />
        <Input
          className={cx(css['input'])}
          placeholder={placeholder ?? label}
          {...(inputRef ? { ref: inputRef } : {})}
          spellCheck={false}
          onKeyDown={({ key, currentTarget }) => {
            if (key === 'Enter' || (key === 'Escape' && value === '')) backToScreen(currentTarget)
          }}
        />
        {value !== '' && (
          <AriaButton aria-label="Clear" className={cx(css['clear'])}>
            <X size={14} aria-hidden />
          </AriaButton>
        )}
      </Group>
    </AriaSearchField>
  )
}

/** What was looked for is found, or nothing is: the keys are the screen's again. */
function backToScreen(from: HTMLElement): void {
  from.closest('main')?.focus({ preventScroll: true })
}
