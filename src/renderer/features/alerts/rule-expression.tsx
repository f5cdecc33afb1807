/** The condition of a rule: as fields where they can say it, else as text. What is typed in one is there in the other. */
import { useEffect, useState } from 'react'
import { cx } from '../../ui/class-names.ts'
import { Segmented } from '../../ui/fields.tsx'
import { PromqlEditor } from '../../ui/promql-editor/promql-editor.tsx'
import { ConditionForm } from './condition-form.tsx'
import { type Condition, conditionOf, conditionText, emptyCondition } from './rule-condition.ts'
import css from './rule-form.module.css'
import { useParsed } from './use-parsed.ts'

type Mode = 'form' | 'text'

interface RuleExpressionProps {
  readonly expr: string
  readonly isNew: boolean
  readonly onChange: (expr: string) => void
  readonly onSubmit: () => void
  readonly problem: string | null
}

export function RuleExpression({ expr, isNew, onChange, onSubmit, problem }: RuleExpressionProps) {
  const read = useParsed(expr, conditionOf)
  const isEmpty = expr.trim() === ''
  // Chosen by hand; until then what can be a form is one.
  const [chosen, setChosen] = useState<Mode | null>(isNew && isEmpty ? 'form' : null)
  /** What stands in the fields, also while it is no expression yet. */
  const [condition, setCondition] = useState<Condition>(emptyCondition)
  const mode = chosen ?? (read ? 'form' : 'text')
  useEffect(() => {
    if (read && conditionText(read) !== conditionText(condition)) setCondition(read)
  }, [read, condition])

  const fits = isEmpty || Boolean(read) || conditionText(condition) === expr
  const choose = (next: Mode) => {
    if (next === 'text' || fits) setChosen(next)
  }
  return (
    <>
      <div className={cx(css['mode'])}>
        <Segmented
          label="Write the condition as"
          isLabelHidden
          options={[
            { id: 'form', label: 'Form' },
            { id: 'text', label: 'PromQL' },
          ]}
          value={mode}
          onChange={choose}
        />
        {mode === 'text' && read === null && !isEmpty && (
          <span className={cx(css['muted'])}>More than the form can say.</span>
        )}
      </div>
      {mode === 'form' ? (
        <ConditionForm
          value={condition}
          onChange={(next) => {
            setChosen('form')
            setCondition(next)
            onChange(next.selector.trim() === '' && next.threshold.trim() === '' ? '' : conditionText(next))
          }}
          problem={problem}
        />
      ) : (
        <div>
          <span className={cx(css['fieldName'])}>Expression</span>
          <PromqlEditor
            value={expr}
            onChange={(next) => {
              setChosen('text')
              onChange(next)
            }}
            onSubmit={onSubmit}
            ariaLabel="Expression"
            placeholder="node_load1 > 4"
          />
          {problem !== null && <p className={cx(css['problem'])}>{problem}</p>}
        </div>
      )}
    </>
  )
}
