/** Filters above the list; while checks are selected, what can be done with them instead. */
import { Pause, Pencil, Play, RotateCw, Trash2, X } from 'lucide-react'
import { type ReactNode, type Ref, useState } from 'react'
import type { CheckView } from '#shared/contract/checks.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { Kbd } from '../../ui/kbd.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { markWord, StateMark } from '../../ui/state-mark.tsx'
import { type CheckFacets, type CheckFilter, type Facet, isFiltering, noFilter, toggled } from './check-filter.ts'
import css from './check-toolbar.module.css'
import type { CheckActions } from './use-check-actions.ts'

interface CheckFiltersProps {
  readonly filter: CheckFilter
  readonly onFilter: (filter: CheckFilter) => void
  readonly facets: CheckFacets
  readonly searchRef: Ref<HTMLInputElement>
}

export function CheckFilters({ filter, onFilter, facets, searchRef }: CheckFiltersProps) {
  return (
    <search className={cx(css['bar'])}>
      <div className={cx(css['search'])}>
        <SearchField
          label="Filter checks"
          placeholder="Name, target or label   /"
          value={filter.text}
          onChange={(text) => onFilter({ ...filter, text })}
          inputRef={searchRef}
        />
      </div>
      <ul className={cx(css['chips'])} aria-label="State">
        {facets.states.map(({ value, count }) => (
          <FilterChip
            key={value}
            isOn={filter.states.includes(value)}
            count={count}
            onToggle={() => onFilter({ ...filter, states: toggled(filter.states, value) })}
          >
            <StateMark state={value} word={markWord(value)} />
          </FilterChip>
        ))}
      </ul>
      {facets.kinds.length > 1 && (
        <Chips
          label="Kind"
          facets={facets.kinds}
          chosen={filter.kinds}
          onChange={(kinds) => onFilter({ ...filter, kinds })}
        />
      )}
      <Chips
        label="Group"
        facets={facets.groups}
        chosen={filter.groups}
        onChange={(groups) => onFilter({ ...filter, groups })}
      />
      <Chips label="Tag" facets={facets.tags} chosen={filter.tags} onChange={(tags) => onFilter({ ...filter, tags })} />
      <Chips
        label="Label"
        facets={facets.labels}
        chosen={filter.labels}
        onChange={(labels) => onFilter({ ...filter, labels })}
        isCode
      />
      {isFiltering(filter) && (
        <Button size="small" variant="quiet" icon={X} onPress={() => onFilter(noFilter)}>
          Clear
        </Button>
      )}
    </search>
  )
}

function Chips(props: {
  readonly label: string
  readonly facets: readonly Facet[]
  readonly chosen: readonly string[]
  readonly onChange: (chosen: readonly string[]) => void
  readonly isCode?: boolean
}) {
  const { label, facets, chosen, onChange, isCode } = props
  if (facets.length === 0) return null
  return (
    <ul className={cx(css['chips'])} aria-label={label}>
      {facets.map(({ value, count }) => (
        <FilterChip
          key={value}
          isOn={chosen.includes(value)}
          count={count}
          onToggle={() => onChange(toggled(chosen, value))}
        >
          {isCode ? <code>{value}</code> : value}
        </FilterChip>
      ))}
    </ul>
  )
}

function FilterChip(props: {
  readonly isOn: boolean
  readonly count: number
  readonly onToggle: () => void
  readonly children: ReactNode
}) {
  return (
    <li>
      <button
        type="button"
        aria-pressed={props.isOn}
        className={cx(css['chip'], props.isOn && css['on'])}
        onClick={props.onToggle}
      >
        {props.children}
        <span className={cx(css['count'])}>{props.count}</span>
      </button>
    </li>
  )
}

interface SelectionBarProps {
  readonly selected: readonly CheckView[]
  readonly actions: CheckActions
  readonly onEdit: () => void
  readonly onClear: () => void
}

export function SelectionBar({ selected, actions, onEdit, onClear }: SelectionBarProps) {
  const [isRunning, setRunning] = useState(false)
  const runNow = async () => {
    setRunning(true)
    await actions.runNow(selected)
    setRunning(false)
  }
  return (
    <div className={cx(css['bar'], css['selection'])} role="toolbar" aria-label="Selected checks">
      <strong>{selected.length} selected</strong>
      <Button size="small" icon={RotateCw} isPending={isRunning} onPress={runNow}>
        {isRunning ? 'Running' : 'Run now'}
      </Button>
      {selected.some(({ enabled }) => enabled) && (
        <Button size="small" icon={Pause} onPress={() => actions.setEnabled(selected, false)}>
          Pause
        </Button>
      )}
      {selected.some(({ enabled }) => !enabled) && (
        <Button size="small" icon={Play} onPress={() => actions.setEnabled(selected, true)}>
          Resume
        </Button>
      )}
      <Button size="small" icon={Pencil} onPress={onEdit}>
        Edit
      </Button>
      <Button
        size="small"
        icon={Trash2}
        onPress={async () => {
          await actions.remove(selected)
          onClear()
        }}
      >
        Remove
      </Button>
      <Button size="small" variant="quiet" onPress={onClear}>
        Clear selection <Kbd keys="Escape" />
      </Button>
    </div>
  )
}
