/** What a kind of panel can be told beyond its queries and values. */
import { isDataPanel, type Panel } from '#shared/domain/dashboard/panels.ts'
import { reducerWords } from '#shared/domain/dashboard/reduce.ts'
import { type Reducer, reducers } from '#shared/domain/dashboard/values.ts'
import { cx } from '../../ui/class-names.ts'
import { Checkbox, Segmented, Select, Switch, TextField } from '../../ui/fields.tsx'
import css from './board.module.css'
import { NumberText } from './number-text.tsx'

interface PanelOptionsProps {
  readonly panel: Panel
  readonly onChange: (change: Partial<Panel>) => void
}

type Of<T extends Panel['type']> = {
  readonly panel: Extract<Panel, { type: T }>
  readonly onChange: (change: Partial<Extract<Panel, { type: T }>>) => void
}

const reducerOptions = reducers.map((id) => ({ id, label: reducerWords[id] }))
const colorOptions = [
  { id: 'none', label: 'None' },
  { id: 'value', label: 'Value' },
  { id: 'background', label: 'Ground' },
] as const

export function PanelOptions({ panel, onChange }: PanelOptionsProps) {
  return (
    <div className={cx(css['fields'])}>
      <OwnOptions panel={panel} onChange={onChange} />
      {isDataPanel(panel) && (
        <div className={cx(css['pair'])}>
          <TextField
            label="Own stretch"
            isMono
            value={panel.timeFrom}
            placeholder="the board's"
            onChange={(timeFrom) => onChange({ timeFrom })}
          />
          <TextField
            label="Earlier by"
            isMono
            value={panel.timeShift}
            placeholder="nothing"
            onChange={(timeShift) => onChange({ timeShift })}
          />
        </div>
      )}
    </div>
  )
}

function OwnOptions({ panel, onChange }: PanelOptionsProps) {
  switch (panel.type) {
    case 'timeseries':
      return <SeriesOptions panel={panel} onChange={onChange} />
    case 'stat':
      return <StatOptions panel={panel} onChange={onChange} />
    case 'gauge':
      return (
        <>
          <ReduceField value={panel.reduce} onChange={(reduce) => onChange({ reduce })} />
          <Switch
            label="Show the thresholds"
            isOn={panel.showsThresholds}
            onChange={(showsThresholds) => onChange({ showsThresholds })}
          />
        </>
      )
    case 'bar':
      return <BarOptions panel={panel} onChange={onChange} />
    case 'table':
      return (
        <>
          <ReduceField value={panel.reduce} onChange={(reduce) => onChange({ reduce })} />
          <Segmented
            label="Colour of states"
            options={colorOptions}
            value={panel.colors}
            onChange={(colors) => onChange({ colors })}
          />
        </>
      )
    case 'heatmap':
      return <HeatmapOptions panel={panel} onChange={onChange} />
    case 'state-timeline':
      return (
        <>
          <Switch
            label="Neighbours of the same state as one"
            isOn={panel.mergesEqual}
            onChange={(mergesEqual) => onChange({ mergesEqual })}
          />
          <Switch
            label="Values on the bars"
            isOn={panel.showsValues}
            onChange={(showsValues) => onChange({ showsValues })}
          />
        </>
      )
    case 'heartbeat':
      return (
        <>
          <TextField
            label="Only checks named"
            value={panel.checks.text}
            onChange={(text) => onChange({ checks: { ...panel.checks, text } })}
          />
          <NumberText
            label="At most"
            value={panel.limit}
            isNeeded
            isWhole
            min={1}
            max={200}
            onChange={(limit) => limit !== null && onChange({ limit })}
          />
        </>
      )
    case 'alert-list':
      return <AlertOptions panel={panel} onChange={onChange} />
    case 'row':
      return (
        <Switch
          label="Closed at first"
          isOn={panel.isCollapsed}
          onChange={(isCollapsed) => onChange({ isCollapsed })}
        />
      )
    case 'text':
      return <p className={cx(css['note'])}>Headings, lists, quotes, code, bold, italic and links. HTML is text.</p>
    case 'log-list':
      return <p className={cx(css['note'])}>Kept as it was imported. This version of Belfry keeps no log lines.</p>
  }
}

function SeriesOptions({ panel, onChange }: Of<'timeseries'>) {
  const legend = (change: Partial<typeof panel.legend>) => onChange({ legend: { ...panel.legend, ...change } })
  return (
    <>
      <Segmented
        label="Drawn as"
        options={[
          { id: 'line', label: 'Lines' },
          { id: 'bars', label: 'Bars' },
          { id: 'points', label: 'Points' },
        ]}
        value={panel.draw}
        onChange={(draw) => onChange({ draw })}
      />
      <Segmented
        label="Between samples"
        options={[
          { id: 'linear', label: 'Straight' },
          { id: 'step', label: 'Steps' },
          { id: 'smooth', label: 'Smooth' },
        ]}
        value={panel.interpolation}
        onChange={(interpolation) => onChange({ interpolation })}
      />
      <Segmented
        label="On top of each other"
        options={[
          { id: 'none', label: 'No' },
          { id: 'normal', label: 'Sums' },
          { id: 'percent', label: 'Shares' },
        ]}
        value={panel.stacking}
        onChange={(stacking) => onChange({ stacking })}
      />
      <div className={cx(css['pair'])}>
        <NumberText
          label="Area"
          unit="0 to 1"
          value={panel.fill}
          isNeeded
          min={0}
          max={1}
          onChange={(fill) => fill !== null && onChange({ fill })}
        />
        <NumberText
          label="Line"
          unit="px"
          value={panel.lineWidth}
          isNeeded
          min={0}
          max={10}
          onChange={(lineWidth) => lineWidth !== null && onChange({ lineWidth })}
        />
      </div>
      <Select
        label="Scale"
        options={[
          { id: 'linear', label: 'Linear' },
          { id: 'log2', label: 'Logarithmic, base 2' },
          { id: 'log10', label: 'Logarithmic, base 10' },
        ]}
        value={panel.scale}
        onChange={(scale) => onChange({ scale })}
      />
      <Segmented
        label="Thresholds"
        options={[
          { id: 'none', label: 'Not drawn' },
          { id: 'line', label: 'Lines' },
          { id: 'area', label: 'Areas' },
        ]}
        value={panel.thresholdStyle}
        onChange={(thresholdStyle) => onChange({ thresholdStyle })}
      />
      <Segmented
        label="Legend"
        options={[
          { id: 'hidden', label: 'None' },
          { id: 'list', label: 'List' },
          { id: 'table', label: 'Table' },
        ]}
        value={panel.legend.mode}
        onChange={(mode) => legend({ mode })}
      />
      {panel.legend.mode !== 'hidden' && (
        <>
          <Segmented
            label="Where"
            options={[
              { id: 'bottom', label: 'Below' },
              { id: 'right', label: 'Right' },
            ]}
            value={panel.legend.place}
            onChange={(place) => legend({ place })}
          />
          <fieldset className={cx(css['set'])}>
            <legend>Numbers in the legend</legend>
            <div className={cx(css['ticks'])}>
              {reducers.map((reducer) => (
                <Checkbox
                  key={reducer}
                  label={reducerWords[reducer]}
                  isChecked={panel.legend.values.includes(reducer)}
                  onChange={(isOn) =>
                    legend({
                      values: isOn
                        ? [...panel.legend.values, reducer]
                        : panel.legend.values.filter((one) => one !== reducer),
                    })
                  }
                />
              ))}
            </div>
          </fieldset>
        </>
      )}
      <Switch
        label="Lines go on where there is no sample"
        isOn={panel.connectsGaps}
        onChange={(connectsGaps) => onChange({ connectsGaps })}
      />
      <TextField label="Name of the axis" value={panel.axisLabel} onChange={(axisLabel) => onChange({ axisLabel })} />
    </>
  )
}

function StatOptions({ panel, onChange }: Of<'stat'>) {
  return (
    <>
      <ReduceField value={panel.reduce} onChange={(reduce) => onChange({ reduce })} />
      <Select
        label="Shows"
        options={[
          { id: 'auto', label: 'The names too where there are several' },
          { id: 'value', label: 'The value' },
          { id: 'name', label: 'The name' },
          { id: 'value-and-name', label: 'Value and name' },
        ]}
        value={panel.show}
        onChange={(show) => onChange({ show })}
      />
      <Segmented
        label="Shape of the last stretch"
        options={[
          { id: 'none', label: 'None' },
          { id: 'area', label: 'Area' },
        ]}
        value={panel.graph}
        onChange={(graph) => onChange({ graph })}
      />
      <Segmented
        label="Colour of states"
        options={colorOptions}
        value={panel.colors}
        onChange={(colors) => onChange({ colors })}
      />
    </>
  )
}

function BarOptions({ panel, onChange }: Of<'bar'>) {
  return (
    <>
      <ReduceField value={panel.reduce} onChange={(reduce) => onChange({ reduce })} />
      <Segmented
        label="Bars"
        options={[
          { id: 'horizontal', label: 'Lying' },
          { id: 'vertical', label: 'Standing' },
        ]}
        value={panel.orientation}
        onChange={(orientation) => onChange({ orientation })}
      />
      <Segmented
        label="Order"
        options={[
          { id: 'query', label: 'As asked' },
          { id: 'value', label: 'Largest first' },
        ]}
        value={panel.order}
        onChange={(order) => onChange({ order })}
      />
    </>
  )
}

function HeatmapOptions({ panel, onChange }: Of<'heatmap'>) {
  return (
    <>
      <Segmented
        label="Made of"
        options={[
          { id: 'buckets', label: 'Buckets (le)' },
          { id: 'values', label: 'Values' },
        ]}
        value={panel.from}
        onChange={(from) => onChange({ from })}
      />
      {panel.from === 'values' && (
        <NumberText
          label="Buckets"
          value={panel.bucketCount}
          isNeeded
          isWhole
          min={2}
          max={100}
          onChange={(bucketCount) => bucketCount !== null && onChange({ bucketCount })}
        />
      )}
    </>
  )
}

const alertStates = ['pending', 'firing', 'recovering', 'resolved'] as const
const severities = ['critical', 'error', 'warning', 'info'] as const

function AlertOptions({ panel, onChange }: Of<'alert-list'>) {
  const tick = <T extends string>(list: readonly T[], one: T, isOn: boolean) =>
    isOn ? [...list, one] : list.filter((other) => other !== one)
  return (
    <>
      <fieldset className={cx(css['set'])}>
        <legend>States</legend>
        <div className={cx(css['ticks'])}>
          {alertStates.map((state) => (
            <Checkbox
              key={state}
              label={state}
              isChecked={panel.states.includes(state)}
              onChange={(isOn) => onChange({ states: tick(panel.states, state, isOn) })}
            />
          ))}
        </div>
      </fieldset>
      <fieldset className={cx(css['set'])}>
        <legend>Severities; none ticked: all</legend>
        <div className={cx(css['ticks'])}>
          {severities.map((severity) => (
            <Checkbox
              key={severity}
              label={severity}
              isChecked={panel.severities.includes(severity)}
              onChange={(isOn) => onChange({ severities: tick(panel.severities, severity, isOn) })}
            />
          ))}
        </div>
      </fieldset>
    </>
  )
}

function ReduceField({ value, onChange }: { readonly value: Reducer; readonly onChange: (reducer: Reducer) => void }) {
  return <Select label="Number of a range" options={reducerOptions} value={value} onChange={onChange} />
}
