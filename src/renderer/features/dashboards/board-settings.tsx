/** What holds for a whole board: its name, its range, its variables and what it marks. */
import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Annotation } from '#shared/domain/dashboard/annotation.ts'
import { Dashboard } from '#shared/domain/dashboard/dashboard.ts'
import { Variable } from '#shared/domain/dashboard/variable.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { Drawer } from '../../ui/dialog.tsx'
import { Select, TextField } from '../../ui/fields.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { AnnotationFields } from './annotation-fields.tsx'
import css from './board.module.css'
import { moved } from './moved.ts'
import { VariableFields } from './variable-fields.tsx'

interface BoardSettingsProps {
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly board: Dashboard
  /** Only boards that are right. */
  readonly onChange: (board: Dashboard) => void
}

type Section = 'general' | 'variables' | 'annotations'

/** What is wrong stays in its field and does not reach the board. */
export function BoardSettings({ isOpen, onClose, board, onChange }: BoardSettingsProps) {
  const [section, setSection] = useState<Section>('general')
  return (
    <Drawer title="Settings of the dashboard" isOpen={isOpen} onClose={onClose}>
      <Tabs
        label="Settings"
        selected={section}
        onSelect={setSection}
        items={[
          { id: 'general', label: 'General', content: <GeneralFields board={board} onChange={onChange} /> },
          {
            id: 'variables',
            label: 'Variables',
            count: board.variables.length,
            content: <VariableList board={board} onChange={onChange} />,
          },
          {
            id: 'annotations',
            label: 'Annotations',
            count: board.annotations.length,
            content: <AnnotationList board={board} onChange={onChange} />,
          },
        ]}
      />
    </Drawer>
  )
}

type Part = Pick<BoardSettingsProps, 'board' | 'onChange'>

function GeneralFields({ board, onChange }: Part) {
  const [text, setText] = useState({
    title: board.title,
    description: board.description,
    tags: board.tags.join(', '),
    from: board.timeRange.from,
    to: board.timeRange.to,
    refresh: board.refresh,
  })
  const [problems, setProblems] = useState<ReadonlyMap<string, string>>(new Map())
  const set = (change: Partial<typeof text>) => {
    const next = { ...text, ...change }
    setText(next)
    const { title, description, from, to, refresh } = next
    const tags = next.tags
      .split(',')
      .map((tag) => tag.trim())
      .filter(Boolean)
    const read = Dashboard.safeParse({ ...board, title, description, tags, refresh, timeRange: { from, to } })
    setProblems(new Map(read.error?.issues.map(({ path, message }) => [path.map(String).join('.'), message]) ?? []))
    if (read.success) onChange(read.data)
  }
  return (
    <div className={cx(css['fields'])}>
      <TextField
        label="Title"
        value={text.title}
        onChange={(title) => set({ title })}
        problem={problems.get('title') ?? null}
      />
      <TextField
        label="Description"
        lines={3}
        value={text.description}
        onChange={(description) => set({ description })}
      />
      <TextField label="Tags" hint="With commas between them" value={text.tags} onChange={(tags) => set({ tags })} />
      <div className={cx(css['pair'])}>
        <TextField label="Range from" isMono value={text.from} onChange={(from) => set({ from })} />
        <TextField label="to" isMono value={text.to} onChange={(to) => set({ to })} />
      </div>
      <TextField
        label="Asked"
        hint="auto: as there is something new; off; or a duration such as 30s"
        isMono
        value={text.refresh}
        onChange={(refresh) => set({ refresh })}
        problem={problems.get('refresh') ?? null}
      />
    </div>
  )
}

const variableTypes: readonly { readonly id: Variable['type']; readonly label: string }[] = [
  { id: 'query', label: 'Values of a query' },
  { id: 'custom', label: 'A list of values' },
  { id: 'interval', label: 'An interval' },
  { id: 'textbox', label: 'Text to type' },
  { id: 'constant', label: 'A constant' },
]

const emptyVariables: Readonly<Record<Variable['type'], object>> = {
  query: { query: 'label_values(up, instance)' },
  custom: { options: [{ value: 'value' }] },
  interval: { options: ['1m', '5m', '1h'] },
  textbox: {},
  constant: { value: '' },
}

function VariableList({ board, onChange }: Part) {
  const set = (variables: readonly Variable[]) => onChange({ ...board, variables: [...variables] })
  const add = (type: Variable['type']) => {
    const names = board.variables.map(({ name }) => name)
    const name =
      ['instance', 'job', 'device', 'value'].find((one) => !names.includes(one)) ?? `value${names.length + 1}`
    set([...board.variables, Variable.parse({ type, name, ...emptyVariables[type] })])
  }
  return (
    <div className={cx(css['fields'])}>
      {board.variables.map((variable, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: names change while they are typed
        <section key={index} className={cx(css['listed'])} aria-label={`Variable ${variable.name}`}>
          <ListedHeader
            name={`$${variable.name}`}
            onUp={index > 0 ? () => set(moved(board.variables, index, -1)) : undefined}
            onDown={index + 1 < board.variables.length ? () => set(moved(board.variables, index, 1)) : undefined}
            onRemove={() => set(board.variables.filter((_, other) => other !== index))}
          />
          <VariableFields
            variable={variable}
            taken={board.variables.filter((_, other) => other !== index).map(({ name }) => name)}
            onChange={(next) => set(board.variables.map((one, other) => (other === index ? next : one)))}
          />
        </section>
      ))}
      <Adder label="Add a variable" options={variableTypes} onAdd={add} />
    </div>
  )
}

const annotationSources: readonly { readonly id: Annotation['source']; readonly label: string }[] = [
  { id: 'alerts', label: 'Alerts' },
  { id: 'check-changes', label: 'Changes of checks' },
  { id: 'notices', label: 'What Belfry says of itself' },
  { id: 'query', label: 'Stretches of a query' },
]

function AnnotationList({ board, onChange }: Part) {
  const set = (annotations: readonly Annotation[]) => onChange({ ...board, annotations: [...annotations] })
  const add = (source: Annotation['source']) => {
    const label = annotationSources.find(({ id }) => id === source)?.label ?? source
    const own = source === 'query' ? { expr: 'up == 0', title: '{{instance}} is down' } : {}
    set([...board.annotations, Annotation.parse({ source, name: label, ...own })])
  }
  return (
    <div className={cx(css['fields'])}>
      {board.annotations.map((annotation, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: names change while they are typed
        <section key={index} className={cx(css['listed'])} aria-label={`Annotation ${annotation.name}`}>
          <ListedHeader
            name={annotationSources.find(({ id }) => id === annotation.source)?.label ?? ''}
            onRemove={() => set(board.annotations.filter((_, other) => other !== index))}
          />
          <AnnotationFields
            annotation={annotation}
            onChange={(next) => set(board.annotations.map((one, other) => (other === index ? next : one)))}
          />
        </section>
      ))}
      <Adder label="Add an annotation" options={annotationSources} onAdd={add} />
    </div>
  )
}

function ListedHeader(props: {
  readonly name: string
  readonly onUp?: (() => void) | undefined
  readonly onDown?: (() => void) | undefined
  readonly onRemove: () => void
}) {
  const { name, onUp, onDown, onRemove } = props
  return (
    <header className={cx(css['listedHeader'])}>
      <strong>{name}</strong>
      {onUp && <IconButton label={`Move ${name} up`} icon={ArrowUp} onPress={onUp} />}
      {onDown && <IconButton label={`Move ${name} down`} icon={ArrowDown} onPress={onDown} />}
      <IconButton label={`Remove ${name}`} icon={Trash2} onPress={onRemove} />
    </header>
  )
}

function Adder<Id extends string>({
  label,
  options,
  onAdd,
}: {
  readonly label: string
  readonly options: readonly { readonly id: Id; readonly label: string }[]
  readonly onAdd: (id: Id) => void
}) {
  const [chosen, setChosen] = useState<Id | null>(options[0]?.id ?? null)
  return (
    <div className={cx(css['adder'])}>
      <Select label="Of which kind" isLabelHidden options={options} value={chosen} onChange={setChosen} />
      <Button icon={Plus} onPress={() => chosen && onAdd(chosen)}>
        {label}
      </Button>
    </div>
  )
}
