import { type PanelState, panelStates } from '#shared/domain/dashboard/values.ts'
import { stateWord } from '../../charts/reading-mark.tsx'
import { Select } from '../../ui/fields.tsx'

const options = panelStates.map((id) => ({ id, label: stateWord(id) || 'Says nothing' }))

export function StateField({
  label,
  value,
  onChange,
}: {
  readonly label: string
  readonly value: PanelState
  readonly onChange: (state: PanelState) => void
}) {
  return <Select label={label} isLabelHidden options={options} value={value} onChange={onChange} />
}
