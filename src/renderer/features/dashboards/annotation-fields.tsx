import { Annotation } from '#shared/domain/dashboard/annotation.ts'
import { cx } from '../../ui/class-names.ts'
import { Switch, TextField } from '../../ui/fields.tsx'
import { placeWords } from '../../ui/promql-editor/expression-problem.ts'
import { useExpressionCheck } from '../../ui/promql-editor/use-expression-check.ts'
import css from './board.module.css'
import { ColorField } from './color-field.tsx'
import { useDraft } from './use-draft.ts'

interface AnnotationFieldsProps {
  readonly annotation: Annotation
  readonly onChange: (annotation: Annotation) => void
}

export function AnnotationFields({ annotation, onChange }: AnnotationFieldsProps) {
  const { value, set, problems } = useDraft<Annotation>(annotation, Annotation, onChange)
  const problem = (path: string) => problems.get(path) ?? null
  const check = useExpressionCheck(value.source === 'query' ? value.expr : '', value.source === 'query')
  const wrong = check?.problems[0]
  return (
    <div className={cx(css['fields'])}>
      <TextField label="Name" value={value.name} onChange={(name) => set({ name })} problem={problem('name')} />
      <ColorField label="Colour" value={value.color} onChange={(color) => set({ color: color ?? 'series-4' })} />
      {value.source === 'query' && (
        <>
          <TextField
            label="Expression"
            isMono
            lines={2}
            value={value.expr}
            onChange={(expr) => set({ expr })}
            problem={problem('expr') ?? (wrong ? `${placeWords(value.expr, wrong)} ${wrong.message}` : null)}
          />
          <TextField label="Says" value={value.title} onChange={(title) => set({ title })} hint="Takes {{label}}" />
        </>
      )}
      {value.source === 'alerts' && (
        <TextField
          label="Only with labels"
          isMono
          value={value.labels.join(', ')}
          onChange={(text) => set({ labels: text === '' ? [] : text.split(',').map((one) => one.trim()) })}
          hint='Such as team="shop"'
        />
      )}
      {value.source === 'check-changes' && (
        <TextField label="Only checks named" value={value.text} onChange={(text) => set({ text })} />
      )}
      <Switch label="Shown at first" isOn={value.isShown} onChange={(isShown) => set({ isShown })} />
    </div>
  )
}
