/** How a panel of lines is drawn. */
import type { Panel } from '#shared/domain/dashboard/panels.ts'
import { reducerWords } from '#shared/domain/dashboard/reduce.ts'
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

type SeriesPanel = Extract<Panel, { type: 'timeseries' }>

export function SeriesOptions({ draft }: { readonly draft: Draft<SeriesPanel> }) {
  return (
    <>
      <SegmentedOption
        draft={draft}
        name="draw"
        label="Drawn as"
        choices={{ line: 'Lines', bars: 'Bars', points: 'Points' }}
      />
      <SegmentedOption
        draft={draft}
        name="interpolation"
        label="Between samples"
        choices={{ linear: 'Straight', step: 'Steps', smooth: 'Smooth' }}
      />
      <SegmentedOption
        draft={draft}
        name="stacking"
        label="On top of each other"
        choices={{ none: 'No', normal: 'Sums', percent: 'Shares' }}
      />
      <div className={cx(css['pair'])}>
        <NumberOption draft={draft} name="fill" label="Area" unit="0 to 1" min={0} max={1} />
        <NumberOption draft={draft} name="lineWidth" label="Line" unit="px" min={0} max={10} />
      </div>
      <SelectOption
        draft={draft}
        name="scale"
        label="Scale"
        choices={{ linear: 'Linear', log2: 'Logarithmic, base 2', log10: 'Logarithmic, base 10' }}
      />
      <SegmentedOption
        draft={draft}
        name="thresholdStyle"
        label="Thresholds"
        choices={{ none: 'Not drawn', line: 'Lines', area: 'Areas' }}
      />
      <LegendOptions draft={{ of: draft.of.legend, onChange: (legend) => draft.onChange({ ...draft.of, legend }) }} />
      <SwitchOption draft={draft} name="connectsGaps" label="Lines go on where there is no sample" />
      <TextOption draft={draft} name="axisLabel" label="Name of the axis" />
    </>
  )
}

function LegendOptions({ draft }: { readonly draft: Draft<SeriesPanel['legend']> }) {
  return (
    <>
      <SegmentedOption
        draft={draft}
        name="mode"
        label="Legend"
        choices={{ hidden: 'None', list: 'List', table: 'Table' }}
      />
      {draft.of.mode !== 'hidden' && (
        <>
          <SegmentedOption draft={draft} name="place" label="Where" choices={{ bottom: 'Below', right: 'Right' }} />
          <TicksOption draft={draft} name="values" label="Numbers in the legend" choices={reducerWords} />
        </>
      )}
    </>
  )
}
