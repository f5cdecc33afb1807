/** Filters above the list; while checks are selected, what can be done with them instead. */
import { Pause, Play, RotateCw, Trash2, X } from 'lucide-react'
import { type ReactNode, type Ref, useState } from 'react'
import type { CheckView } from '#shared/contract/checks.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { Kbd } from '../../ui/kbd.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { markWord, StateMark } from '../../ui/state-mark.tsx'
import { type CheckFacets, type CheckFilter, isFiltering, noFilter, toggled } from './check-filter.ts'
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
        <ul className={cx(css['chips'])} aria-label="Kind">
          {facets.kinds.map(({ value, count }) => (
            <FilterChip
              key={value}
              isOn={filter.kinds.includes(value)}
              count={count}
              onToggle={() => onFilter({ ...filter, kinds: toggled(filter.kinds, value) })}
            >
              {value}
            </FilterChip>
          ))}
        </ul>
      )}
      {facets.labels.length > 0 && (
        <ul className={cx(css['chips'])} aria-label="Label">
          {facets.labels.map(({ value, count }) => (
            <FilterChip
              key={value}
              isOn={filter.labels.includes(value)}
              count={count}
              onToggle={() => onFilter({ ...filter, labels: toggled(filter.labels, value) })}
            >
              <code>{value}</code>
            </FilterChip>
          ))}
        </ul>
      )}
      {isFiltering(filter) && (
        <Button size="small" variant="quiet" icon={X} onPress={() => onFilter(noFilter)}>
          Clear
        </Button>
      )}
    </search>
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
  readonly onClear: () => void
}

export function SelectionBar({ selected, actions, onClear }: SelectionBarProps) {
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
