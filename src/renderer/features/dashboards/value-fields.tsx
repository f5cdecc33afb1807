import type { DataPanel } from '#shared/domain/dashboard/panels.ts'
import { type Unit, units } from '#shared/domain/unit.ts'
import { cx } from '../../ui/class-names.ts'
import { Select, TextField } from '../../ui/fields.tsx'
import css from './board.module.css'
import { MappingFields } from './mapping-fields.tsx'
import { NumberText } from './number-text.tsx'

interface ValueFieldsProps {
  readonly panel: DataPanel
  readonly onChange: (change: Partial<DataPanel>) => void
}

const words: Readonly<Record<Unit, string>> = {
  none: 'A plain number',
  perSecond: 'Per second',
  perMinute: 'Per minute',
  bytes: 'Bytes (1024)',
  decimalBytes: 'Bytes (1000)',
  bits: 'Bits',
  bytesPerSecond: 'Bytes per second (1024)',
  decimalBytesPerSecond: 'Bytes per second (1000)',
  bitsPerSecond: 'Bits per second',
  seconds: 'Seconds',
  milliseconds: 'Milliseconds',
  microseconds: 'Microseconds',
  nanoseconds: 'Nanoseconds',
  ratio: 'Per cent of 0 to 1',
  percent: 'Per cent of 0 to 100',
  celsius: 'Degrees Celsius',
  hertz: 'Hertz',
  volts: 'Volts',
  amperes: 'Amperes',
  watts: 'Watts',
  rpm: 'Turns per minute',
  instant: 'An instant (seconds since 1970)',
  instantMs: 'An instant (ms since 1970)',
}
const unitOptions = units.map((id) => ({ id, label: words[id] }))

export function ValueFields({ panel, onChange }: ValueFieldsProps) {
  return (
    <div className={cx(css['fields'])}>
      <Select label="Unit" options={unitOptions} value={panel.unit} onChange={(unit) => onChange({ unit })} />
      <div className={cx(css['pair'])}>
        <TextField
          label="After the number"
          value={panel.suffix}
          onChange={(suffix) => onChange({ suffix })}
          placeholder="nothing"
        />
        <NumberText
          label="Decimals"
          value={panel.decimals}
          onChange={(decimals) => onChange({ decimals })}
          placeholder="as needed"
          min={0}
          max={10}
          isWhole
        />
        <NumberText label="Least" value={panel.min} onChange={(min) => onChange({ min })} placeholder="from the data" />
        <NumberText label="Most" value={panel.max} onChange={(max) => onChange({ max })} placeholder="from the data" />
      </div>
      <TextField
        label="Where there is no value"
        value={panel.noValue}
        onChange={(noValue) => onChange({ noValue })}
        placeholder="–"
      />
      <MappingFields mappings={panel.mappings} onChange={(mappings) => onChange({ mappings })} />
    </div>
  )
}
