import { useState } from 'react'
import { TextField } from '../../ui/fields.tsx'

interface NumberTextProps {
  readonly label: string
  readonly value: number | null
  /** Null for an empty field, where that is allowed. */
  readonly onChange: (value: number | null) => void
  readonly placeholder?: string
  readonly unit?: string
  readonly min?: number
  readonly max?: number
  readonly isWhole?: boolean
  /** Empty is an error. */
  readonly isNeeded?: boolean
}

/** A number that may be absent. What is none is said, and changes nothing. */
export function NumberText(props: NumberTextProps) {
  const { label, value, onChange, placeholder, unit, min, max, isWhole = false, isNeeded = false } = props
  const [text, setText] = useState(value === null ? '' : String(value))
  const [problem, setProblem] = useState<string | null>(null)
  const read = (written: string) => {
    setText(written)
    const trimmed = written.trim().replace(',', '.')
    if (trimmed === '' && !isNeeded) {
      setProblem(null)
      return onChange(null)
    }
    const number = Number(trimmed)
    const isRight =
      trimmed !== '' &&
      Number.isFinite(number) &&
      (!isWhole || Number.isInteger(number)) &&
      (min === undefined || number >= min) &&
      (max === undefined || number <= max)
    const range = min !== undefined && max !== undefined ? ` from ${min} to ${max}` : ''
    setProblem(isRight ? null : `Expected a${isWhole ? ' whole' : ''} number${range}.`)
    if (isRight) onChange(number)
  }
  return (
    <TextField
      label={label}
      type="number"
      value={text}
      onChange={read}
      problem={problem}
      {...(placeholder ? { placeholder } : {})}
      {...(unit ? { unit } : {})}
    />
  )
}
