/**
 * A field for an expression of PromQL: it completes metrics, labels, values and functions from what is stored, and says
 * what is wrong where it is wrong. The editor itself is large and comes when the first field is shown; until then the
 * expression stands there as text.
 */
import { lazy, Suspense, useId } from 'react'
import { cx } from '../class-names.ts'
import type { ExpressionProblem } from './expression-problem.ts'
import { placeWords } from './expression-problem.ts'
import css from './promql-editor.module.css'
import { useExpressionCheck } from './use-expression-check.ts'

export interface PromqlEditorProps {
  readonly value: string
  readonly onChange: (value: string) => void
  /** Ctrl-Enter, on a Mac Command-Enter. */
  readonly onSubmit?: () => void
  /** What is wrong with `value`. Left out, the editor asks the console itself. */
  readonly problems?: readonly ExpressionProblem[]
  /** The field's name, read out. */
  readonly ariaLabel: string
  readonly placeholder?: string
  readonly autoFocus?: boolean
  readonly isReadOnly?: boolean
}

const CodeField = lazy(() => import('./code-field.tsx').then((module) => ({ default: module.CodeField })))

export function PromqlEditor(props: PromqlEditorProps) {
  const { value, onChange, onSubmit, ariaLabel, placeholder, autoFocus = false, isReadOnly = false } = props
  const id = useId()
  const asked = useExpressionCheck(value, props.problems === undefined)
  const problems = props.problems ?? asked?.problems ?? none
  return (
    <div className={cx(css['editor'])}>
      <div className={cx(css['box'], problems.length > 0 && css['wrong'])}>
        <Suspense fallback={<pre className={cx(css['waiting'])}>{value || placeholder || ' '}</pre>}>
          <CodeField
            value={value}
            onChange={onChange}
            problems={problems}
            ariaLabel={ariaLabel}
            placeholder={placeholder ?? ''}
            describedBy={id}
            autoFocus={autoFocus}
            isReadOnly={isReadOnly}
            {...(onSubmit ? { onSubmit } : {})}
          />
        </Suspense>
      </div>
      <ul id={id} className={cx(css['problems'])} aria-live="polite" aria-label={`What is wrong with ${ariaLabel}`}>
        {problems.map((problem) => (
          <li key={`${problem.from} ${problem.message}`}>
            <span className={cx(css['place'])}>{placeWords(value, problem)}</span> {problem.message}
          </li>
        ))}
      </ul>
    </div>
  )
}

const none: readonly ExpressionProblem[] = []
