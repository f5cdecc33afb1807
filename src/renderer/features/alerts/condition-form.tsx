/** A condition as fields: which series, over which window, beyond which number. */

import { cx } from '../../ui/class-names.ts'
import { Select, TextField } from '../../ui/fields.tsx'
import { SchemaForm } from '../../ui/form/schema-form.tsx'
import { PromqlEditor } from '../../ui/promql-editor/promql-editor.tsx'
import { type Condition, operators, type WindowFunction, windowFunctions } from './rule-condition.ts'
import { windowFields } from './rule-draft.ts'
import css from './rule-form.module.css'

const functionWords: Readonly<Record<WindowFunction, string>> = {
  none: 'Newest value',
  rate: 'Increase per second (rate)',
  increase: 'Increase (increase)',
  avg_over_time: 'Average (avg_over_time)',
  min_over_time: 'Smallest (min_over_time)',
  max_over_time: 'Largest (max_over_time)',
  sum_over_time: 'Sum (sum_over_time)',
  count_over_time: 'Number of samples (count_over_time)',
  last_over_time: 'Last in the window (last_over_time)',
  delta: 'Difference (delta)',
  deriv: 'Slope per second (deriv)',
  changes: 'Number of changes (changes)',
}

const operatorWords: Readonly<Record<Condition['operator'], string>> = {
  '>': '> above',
  '>=': '≥ at least',
  '<': '< below',
  '<=': '≤ at most',
  '==': '= equal to',
  '!=': '≠ other than',
}

interface ConditionFormProps {
  readonly value: Condition
  readonly onChange: (value: Condition) => void
  readonly problem: string | null
}

export function ConditionForm({ value, onChange, problem }: ConditionFormProps) {
  const hasWindow = value.function !== 'none'
  return (
    <>
      <div>
        <span className={cx(css['fieldName'])}>Metric and filter</span>
        <PromqlEditor
          value={value.selector}
          onChange={(selector) => onChange({ ...value, selector })}
          ariaLabel="Metric and filter"
          placeholder='node_load1{instance="db-1"}'
        />
      </div>
      <div className={cx(css['pair'])}>
        <Select
          label="Take"
          options={windowFunctions.map((id) => ({ id, label: functionWords[id] }))}
          value={value.function}
          onChange={(chosen) => onChange({ ...value, function: chosen })}
        />
        {hasWindow && (
          <SchemaForm
            fields={windowFields}
            value={{ windowMs: value.windowMs }}
            onChange={({ windowMs }) => typeof windowMs === 'number' && onChange({ ...value, windowMs })}
            issues={[]}
            path=""
          />
        )}
      </div>
      <div className={cx(css['pair'])}>
        <Select
          label="Is"
          options={operators.map((id) => ({ id, label: operatorWords[id] }))}
          value={value.operator}
          onChange={(operator) => onChange({ ...value, operator })}
        />
        <TextField
          label="Threshold"
          isRequired
          value={value.threshold}
          onChange={(threshold) => onChange({ ...value, threshold })}
          problem={problem}
          placeholder="4"
        />
      </div>
    </>
  )
}
