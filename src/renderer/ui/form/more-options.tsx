/** What need not be seen at once, folded; it opens by itself where something in it is wrong. */
import { ChevronRight } from 'lucide-react'
import { useState } from 'react'
import { Button, Disclosure, DisclosurePanel, Heading } from 'react-aria-components'
import type { Json } from '#shared/contract/define.ts'
import { cx } from '../class-names.ts'
import { FieldGrid, type FieldGridProps } from './field-grid.tsx'
import { childPath, hasIssueUnder, isJsonObject, type JsonObject, sameJson } from './form-value.ts'
import css from './schema-form.module.css'
import { type Field, startingFieldValue } from './schema-model.ts'

export function MoreOptions(props: FieldGridProps) {
  const { fields, value, issues, path } = props
  const [isWanted, setWanted] = useState(false)
  const hasIssue = fields.some((field) => hasIssueUnder(issues, childPath(path, field.name)))
  const changed = fields.filter((field) => isChanged(field, value)).length
  return (
    <Disclosure isExpanded={isWanted || hasIssue} onExpandedChange={setWanted} className={cx(css['more'])}>
      <Heading level={3} className={cx(css['moreHeading'])}>
        <Button slot="trigger" className={cx(css['moreButton'])}>
          <ChevronRight size={14} aria-hidden className={cx(css['chevron'])} />
          More options
          {changed > 0 && <span className={cx(css['changed'])}>{changed} set</span>}
        </Button>
      </Heading>
      <DisclosurePanel className={cx(css['morePanel'])}>
        {groupsOf(fields).map(([title, members]) =>
          title === null ? (
            <FieldGrid key="" {...props} fields={members} />
          ) : (
            <fieldset key={title} className={cx(css['group'])}>
              <legend className={cx(css['legend'])}>{title}</legend>
              <FieldGrid {...props} fields={members} />
            </fieldset>
          ),
        )}
      </DisclosurePanel>
    </Disclosure>
  )
}

function isChanged(field: Field, value: JsonObject): boolean {
  const own = value[field.name]
  return own !== undefined && !sameJson(completed(field, own), completed(field, startingFieldValue(field)))
}

/** With the defaults written out of what is left to them. */
function completed(field: Field, value: Json | undefined): Json | undefined {
  if (field.type !== 'fields') return value ?? startingFieldValue(field)
  const known = isJsonObject(value) ? value : {}
  const all = field.fields.map((inner) => [inner.name, completed(inner, known[inner.name]) ?? null] as const)
  return Object.fromEntries(all)
}

/** Ungrouped fields first, then the groups in the order of their first field. */
function groupsOf(fields: readonly Field[]): readonly (readonly [string | null, readonly Field[]])[] {
  const groups = new Map<string | null, Field[]>()
  for (const field of fields) groups.set(field.group, [...(groups.get(field.group) ?? []), field])
  return [...groups].sort(([a], [b]) => Number(a !== null) - Number(b !== null))
}
