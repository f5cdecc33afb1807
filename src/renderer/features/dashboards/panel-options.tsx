/** What a kind of panel can be told beyond its queries and values. */
import { isDataPanel, type Panel } from '#shared/domain/dashboard/panels.ts'
import { reducerWords } from '#shared/domain/dashboard/reduce.ts'
import type { Reducer } from '#shared/domain/dashboard/values.ts'
import { cx } from '../../ui/class-names.ts'
import css from './board.module.css'
import {
  type Draft,
  NumberOption,
  SegmentedOption,
  SelectOption,
  SwitchOption,
  TextOption,
  TicksOption,
} from './option-fields.tsx'
import { SeriesOptions } from './series-options.tsx'

interface PanelOptionsProps {
  readonly panel: Panel
  readonly onChange: (panel: Panel) => void
}

type DraftOf<T extends Panel['type']> = { readonly draft: Draft<Extract<Panel, { type: T }>> }

const colorChoices = { none: 'None', value: 'Value', background: 'Ground' }

export function PanelOptions({ panel, onChange }: PanelOptionsProps) {
  return (
    <div className={cx(css['fields'])}>
      <OwnOptions panel={panel} onChange={onChange} />
      {isDataPanel(panel) && (
        <div className={cx(css['pair'])}>
          <TextOption
            draft={{ of: panel, onChange }}
            name="timeFrom"
            label="Own stretch"
            placeholder="the board's"
            isMono
          />
          <TextOption
            draft={{ of: panel, onChange }}
            name="timeShift"
            label="Earlier by"
            placeholder="nothing"
            isMono
          />
        </div>
      )}
    </div>
  )
}

function OwnOptions({ panel, onChange }: PanelOptionsProps) {
  switch (panel.type) {
    case 'timeseries':
      return <SeriesOptions draft={{ of: panel, onChange }} />
    case 'stat':
      return <StatOptions draft={{ of: panel, onChange }} />
    case 'gauge':
      return (
        <>
          <ReduceOption draft={{ of: panel, onChange }} />
          <SwitchOption draft={{ of: panel, onChange }} name="showsThresholds" label="Show the thresholds" />
        </>
      )
    case 'bar':
      return <BarOptions draft={{ of: panel, onChange }} />
    case 'table':
      return (
        <>
          <ReduceOption draft={{ of: panel, onChange }} />
          <SegmentedOption
            draft={{ of: panel, onChange }}
            name="colors"
            label="Colour of states"
            choices={colorChoices}
          />
        </>
      )
    case 'heatmap':
      return <HeatmapOptions draft={{ of: panel, onChange }} />
    case 'state-timeline':
      return (
        <>
          <SwitchOption
            draft={{ of: panel, onChange }}
            name="mergesEqual"
            label="Neighbours of the same state as one"
          />
          <SwitchOption draft={{ of: panel, onChange }} name="showsValues" label="Values on the bars" />
        </>
      )
    case 'heartbeat':
      return <HeartbeatOptions draft={{ of: panel, onChange }} />
    case 'alert-list':
      return <AlertOptions draft={{ of: panel, onChange }} />
    case 'row':
      return <SwitchOption draft={{ of: panel, onChange }} name="isCollapsed" label="Closed at first" />
    case 'text':
      return <p className={cx(css['note'])}>Headings, lists, quotes, code, bold, italic and links. HTML is text.</p>
    case 'log-list':
      return <p className={cx(css['note'])}>Kept as it was imported. This version of Belfry keeps no log lines.</p>
  }
}

function StatOptions({ draft }: DraftOf<'stat'>) {
  return (
    <>
      <ReduceOption draft={draft} />
      <SelectOption
        draft={draft}
        name="show"
        label="Shows"
        choices={{
          auto: 'The names too where there are several',
          value: 'The value',
          name: 'The name',
          'value-and-name': 'Value and name',
        }}
      />
      <SegmentedOption
        draft={draft}
        name="graph"
        label="Shape of the last stretch"
        choices={{ none: 'None', area: 'Area' }}
      />
      <SegmentedOption draft={draft} name="colors" label="Colour of states" choices={colorChoices} />
    </>
  )
}

function BarOptions({ draft }: DraftOf<'bar'>) {
  return (
    <>
      <ReduceOption draft={draft} />
      <SegmentedOption
        draft={draft}
        name="orientation"
        label="Bars"
        choices={{ horizontal: 'Lying', vertical: 'Standing' }}
      />
      <SegmentedOption
        draft={draft}
        name="order"
        label="Order"
        choices={{ query: 'As asked', value: 'Largest first' }}
      />
    </>
  )
}

function HeatmapOptions({ draft }: DraftOf<'heatmap'>) {
  return (
    <>
      <SegmentedOption
        draft={draft}
        name="from"
        label="Made of"
        choices={{ buckets: 'Buckets (le)', values: 'Values' }}
      />
      {draft.of.from === 'values' && (
        <NumberOption draft={draft} name="bucketCount" label="Buckets" isWhole min={2} max={100} />
      )}
    </>
  )
}

function HeartbeatOptions({ draft }: DraftOf<'heartbeat'>) {
  const checks = {
    of: draft.of.checks,
    onChange: (changed: typeof draft.of.checks) => draft.onChange({ ...draft.of, checks: changed }),
  }
  return (
    <>
      <TextOption draft={checks} name="text" label="Only checks named" />
      <NumberOption draft={draft} name="limit" label="At most" isWhole min={1} max={200} />
    </>
  )
}

const stateChoices = { pending: 'pending', firing: 'firing', recovering: 'recovering', resolved: 'resolved' }
const severityChoices = { critical: 'critical', error: 'error', warning: 'warning', info: 'info' }

function AlertOptions({ draft }: DraftOf<'alert-list'>) {
  return (
    <>
      <TicksOption draft={draft} name="states" label="States" choices={stateChoices} />
      <TicksOption draft={draft} name="severities" label="Severities; none ticked: all" choices={severityChoices} />
    </>
  )
}

function ReduceOption<T extends { readonly reduce: Reducer }>({ draft }: { readonly draft: Draft<T> }) {
  return <SelectOption draft={draft} name="reduce" label="Number of a range" choices={reducerWords} />
}
