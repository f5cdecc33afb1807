/** Settings of the usual sorts, each saved as soon as it is changed. */
import { useState } from 'react'
import type { SettingsPatch } from '#shared/contract/settings.ts'
import { cx } from '../../ui/class-names.ts'
import { Segmented, Select, type SelectOption, Switch, TextField } from '../../ui/fields.tsx'
import { parseQuantity, quantityText } from '../../ui/form/quantity-text.ts'
import { SettingRow } from './setting-row.tsx'
import css from './settings.module.css'
import { useSaveSetting } from './use-save-setting.ts'

interface SettingProps<T> {
  readonly title: string
  readonly hint?: string
  readonly keywords?: string
  readonly value: T
  /** What is sent to set a value. */
  readonly patch: (value: T) => SettingsPatch
  readonly isDisabled?: boolean
}

export function ChoiceSetting<Id extends string>(
  props: SettingProps<Id> & { readonly options: readonly SelectOption<Id>[]; readonly shownAs: 'segments' | 'list' },
) {
  const { title, value, patch, options, shownAs, isDisabled } = props
  const { save, problem } = useSaveSetting()
  const change = (next: Id) => void save(title, patch(next), patch(value))
  return (
    <SettingRow {...textsOf(props)} problem={problem}>
      {shownAs === 'segments' && !isDisabled ? (
        <Segmented label={title} isLabelHidden options={options} value={value} onChange={change} />
      ) : (
        <Select
          label={title}
          isLabelHidden
          options={options}
          value={value}
          onChange={change}
          isDisabled={isDisabled ?? false}
        />
      )}
    </SettingRow>
  )
}

export function SwitchSetting(props: SettingProps<boolean>) {
  const { title, value, patch, isDisabled } = props
  const { save, problem } = useSaveSetting()
  return (
    <SettingRow {...textsOf(props)} problem={problem}>
      <Switch
        label={title}
        isLabelHidden
        isOn={value}
        isDisabled={isDisabled ?? false}
        onChange={(next) => void save(title, patch(next), patch(value))}
      />
    </SettingRow>
  )
}

/** A number or, with unit `ms`, a duration; saved when the field is left or Enter is pressed. */
export function NumberSetting(props: SettingProps<number> & { readonly unit: string }) {
  const { title, value, patch, unit, isDisabled } = props
  const { save, problem } = useSaveSetting()
  const [typed, setTyped] = useState<string | null>(null)
  const [mistake, setMistake] = useState<string | null>(null)
  const shown = unit === 'ms' ? quantityText(value, 'ms') : String(value)
  const commit = async () => {
    if (typed === null || typed === shown) return setTyped(null)
    const read = unit === 'ms' ? parseQuantity(typed, 'ms') : parseCount(typed)
    if (!read.ok) return setMistake(read.message)
    setMistake(null)
    if (read.value === value || (await save(title, patch(read.value), patch(value)))) setTyped(null)
  }
  return (
    <SettingRow {...textsOf(props)} problem={mistake ?? problem}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: Enter and Escape in the field inside commit or give up */}
      <div
        className={cx(css['number'])}
        onKeyDown={(event) => {
          if (event.key === 'Enter') void commit()
          if (event.key !== 'Escape') return
          setTyped(null)
          setMistake(null)
        }}
      >
        <TextField
          label={title}
          isLabelHidden
          type="number"
          value={typed ?? shown}
          onChange={setTyped}
          onBlur={() => void commit()}
          isDisabled={isDisabled ?? false}
          {...(unit === 'ms' ? {} : { unit })}
        />
      </div>
    </SettingRow>
  )
}

/** A line of text, saved when the field is left or Enter is pressed. */
export function TextSetting(props: SettingProps<string> & { readonly placeholder: string }) {
  const { title, value, patch, placeholder, isDisabled } = props
  const { save, problem } = useSaveSetting()
  const [typed, setTyped] = useState<string | null>(null)
  const commit = async () => {
    if (typed === null || typed.trim() === value) return setTyped(null)
    if (await save(title, patch(typed.trim()), patch(value))) setTyped(null)
  }
  return (
    <SettingRow {...textsOf(props)} problem={problem}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: Enter and Escape in the field inside commit or give up */}
      <div
        className={cx(css['number'])}
        onKeyDown={(event) => {
          if (event.key === 'Enter') void commit()
          if (event.key === 'Escape') setTyped(null)
        }}
      >
        <TextField
          label={title}
          isLabelHidden
          placeholder={placeholder}
          value={typed ?? value}
          onChange={setTyped}
          onBlur={() => void commit()}
          isDisabled={isDisabled ?? false}
        />
      </div>
    </SettingRow>
  )
}

function textsOf({ title, hint, keywords }: Pick<SettingProps<unknown>, 'title' | 'hint' | 'keywords'>) {
  return { title, ...(hint ? { hint } : {}), ...(keywords ? { keywords } : {}) }
}

function parseCount(text: string): { ok: true; value: number } | { ok: false; message: string } {
  const value = Number(text.trim().replaceAll(/[\s\u202f,]/g, ''))
  return text.trim() !== '' && Number.isInteger(value)
    ? { ok: true, value }
    : { ok: false, message: `Expected a whole number, got "${text.trim()}".` }
}
