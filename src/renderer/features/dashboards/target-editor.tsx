import { ArrowDown, ArrowUp, Eye, EyeOff, Trash2 } from 'lucide-react'
import { useMemo } from 'react'
import { builtInNames } from '#shared/domain/dashboard/built-in.ts'
import { variablesIn } from '#shared/domain/dashboard/interpolate.ts'
import type { Target } from '#shared/domain/dashboard/panels.ts'
import { IconButton } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { Segmented, TextField } from '../../ui/fields.tsx'
import { PromqlEditor } from '../../ui/promql-editor/promql-editor.tsx'
import { useExpressionCheck } from '../../ui/promql-editor/use-expression-check.ts'
import css from './board.module.css'
import { checkedText, problemsInText } from './variables-in-expressions.ts'

interface TargetEditorProps {
  readonly target: Target
  readonly onChange: (target: Target) => void
  readonly onMove: (by: 1 | -1) => void
  readonly onRemove: () => void
  readonly position: number
  readonly count: number
}

const modes = [
  { id: 'range', label: 'Range' },
  { id: 'instant', label: 'Instant' },
] as const

export function TargetEditor({ target, onChange, onMove, onRemove, position, count }: TargetEditorProps) {
  const { refId, expr, legend, mode, isHidden } = target
  const set = (change: Partial<Target>) => onChange({ ...target, ...change })
  // A variable is no PromQL: what is judged has something in its place.
  const judged = useMemo(() => checkedText(expr), [expr])
  const check = useExpressionCheck(judged.text)
  const problems = useMemo(() => problemsInText(judged, check?.problems ?? []), [judged, check])
  const used = variablesIn(expr).filter((name) => !builtInNames.includes(name))
  return (
    <li className={cx(css['target'])}>
      <header className={cx(css['targetHeader'])}>
        <strong>{refId}</strong>
        {used.length > 0 && <span className={cx(css['note'])}>uses {used.map((name) => `$${name}`).join(' ')}</span>}
        <span className={cx(css['push'])} />
        {position > 0 && <IconButton label={`Move query ${refId} up`} icon={ArrowUp} onPress={() => onMove(-1)} />}
        {position + 1 < count && (
          <IconButton label={`Move query ${refId} down`} icon={ArrowDown} onPress={() => onMove(1)} />
        )}
        <IconButton
          label={isHidden ? `Show query ${refId}` : `Hide query ${refId}`}
          icon={isHidden ? EyeOff : Eye}
          isPressed={isHidden}
          onPress={() => set({ isHidden: !isHidden })}
        />
        <IconButton label={`Remove query ${refId}`} icon={Trash2} onPress={onRemove} />
      </header>
      <PromqlEditor
        value={expr}
        onChange={(next) => set({ expr: next })}
        problems={problems}
        ariaLabel={`Query ${refId}`}
        placeholder="rate(node_cpu_seconds_total[$__rate_interval])"
        autoFocus={expr === '' && position === 0}
      />
      <div className={cx(css['targetFields'])}>
        <TextField
          label="Legend"
          value={legend}
          onChange={(next) => set({ legend: next })}
          placeholder="the labels that differ"
          hint="Takes {{label}}"
        />
        <TextField
          label="Least step"
          isMono
          value={target.minStep}
          onChange={(minStep) => set({ minStep })}
          placeholder="none"
        />
        <Segmented label="Asked over" options={modes} value={mode} onChange={(next) => set({ mode: next })} />
      </div>
    </li>
  )
}
