import { Plus, Trash2 } from 'lucide-react'
import type { Thresholds } from '#shared/domain/dashboard/values.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { Segmented } from '../../ui/fields.tsx'
import css from './board.module.css'
import { NumberText } from './number-text.tsx'
import { StateField } from './state-field.tsx'

interface ThresholdFieldsProps {
  readonly thresholds: Thresholds
  readonly onChange: (thresholds: Thresholds) => void
}

const modes = [
  { id: 'absolute', label: 'Values' },
  { id: 'percent', label: 'Per cent' },
] as const

export function ThresholdFields({ thresholds, onChange }: ThresholdFieldsProps) {
  const { mode, base, steps } = thresholds
  const set = (change: Partial<Thresholds>) => onChange({ ...thresholds, ...change })
  const add = () => {
    const last = steps.at(-1)
    const value = last ? last.value * 2 || 1 : 80
    set({ steps: [...steps, { value, state: last?.state === 'degraded' ? 'down' : 'degraded' }] })
  }
  return (
    <div className={cx(css['fields'])}>
      <Segmented label="Given as" options={modes} value={mode} onChange={(next) => set({ mode: next })} />
      <div className={cx(css['thresholdStep'])}>
        <span>Below all</span>
        <StateField label="State below all" value={base} onChange={(state) => set({ base: state })} />
      </div>
      {steps.map((step, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a step has no name, and its value changes while it is typed
        <div key={index} className={cx(css['thresholdStep'])}>
          <NumberText
            label={`From ${index + 1}`}
            value={step.value}
            isNeeded
            onChange={(value) =>
              value !== null && set({ steps: steps.map((one, other) => (other === index ? { ...one, value } : one)) })
            }
          />
          <StateField
            label={`State from ${step.value}`}
            value={step.state}
            onChange={(state) => set({ steps: steps.map((one, other) => (other === index ? { ...one, state } : one)) })}
          />
          <IconButton
            label={`Remove the threshold ${step.value}`}
            icon={Trash2}
            onPress={() => set({ steps: steps.filter((_, other) => other !== index) })}
          />
        </div>
      ))}
      <div>
        <Button size="small" icon={Plus} isDisabled={steps.length >= 20} onPress={add}>
          Add a threshold
        </Button>
      </div>
    </div>
  )
}
