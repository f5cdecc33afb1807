import { SeriesColor } from '#shared/domain/dashboard/values.ts'
import { Select } from '../../ui/fields.tsx'

const words: Readonly<Record<SeriesColor, string>> = {
  neutral: 'Says nothing',
  'series-1': 'First of the series',
  'series-2': 'Second of the series',
  'series-3': 'Third of the series',
  'series-4': 'Fourth of the series',
  'series-5': 'Fifth of the series',
  up: 'Well',
  degraded: 'Degraded',
  down: 'Down',
  unknown: 'Unknown',
  maintenance: 'Maintenance',
}
const options = SeriesColor.options.map((id) => ({ id, label: words[id] }))

export function ColorField({
  label,
  value,
  onChange,
}: {
  readonly label: string
  readonly value: SeriesColor | null
  readonly onChange: (color: SeriesColor | null) => void
}) {
  return <Select label={label} options={options} value={value} onChange={onChange} />
}
