/**
 * A form drawn from a schema's fields: what must be known stands open, the rest is folded under "More options" with its
 * headings. The value belongs to the caller; what is typed is what is sent, and the server's issues stand at their field.
 */
import { cx } from '../class-names.ts'
import { FieldGrid, type FieldGridProps } from './field-grid.tsx'
import { MoreOptions } from './more-options.tsx'
import { drawField } from './schema-field.tsx'
import css from './schema-form.module.css'

/** `path`: where the value lies in what is sent, such as `config`; empty at the root. */
export type SchemaFormProps = Omit<FieldGridProps, 'draw'>

export function SchemaForm({ fields, value, onChange, issues, path, autoFocus = false }: SchemaFormProps) {
  const essentials = fields.filter(({ essential }) => essential)
  const folded = fields.filter(({ essential }) => !essential)
  const shared = { value, onChange, issues, path, draw: drawField }
  return (
    <div className={cx(css['form'])}>
      <FieldGrid {...shared} fields={essentials} autoFocus={autoFocus} />
      {folded.length > 0 && <MoreOptions {...shared} fields={folded} />}
    </div>
  )
}
