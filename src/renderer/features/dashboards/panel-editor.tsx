/** A panel while it is changed: as it will look, what it asks, and how that is shown. */
import { Check, Plus } from 'lucide-react'
import { useState } from 'react'
import { isDataPanel, type Panel, type PanelType, type Target } from '#shared/domain/dashboard/panels.ts'
import type { ChartMark } from '../../charts/chart-content.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { Select, TextField } from '../../ui/fields.tsx'
import { Panel as Framed } from '../../ui/panel.tsx'
import css from './board.module.css'
import { moved } from './moved.ts'
import { nextRefId, turnedInto } from './new-panel.ts'
import { PanelFrame } from './panel-frame.tsx'
import { panelKinds } from './panel-kinds.ts'
import { PanelOptions } from './panel-options.tsx'
import { RepeatFields } from './repeat-fields.tsx'
import { TargetEditor } from './target-editor.tsx'
import { ThresholdFields } from './threshold-fields.tsx'
import type { PanelContext } from './use-panel-data.ts'
import { ValueFields } from './value-fields.tsx'

interface PanelEditorProps {
  readonly panel: Panel
  readonly context: PanelContext
  readonly marks: readonly ChartMark[]
  /** Names of the board's variables. */
  readonly variables: readonly string[]
  readonly onChange: (panel: Panel) => void
  readonly onDone: () => void
}

export function PanelEditor({ panel, context, marks, variables, onChange, onDone }: PanelEditorProps) {
  // A change of the kind makes other fields; what is typed in those of the old one would be lost half-way.
  const [kindOf, setKindOf] = useState(0)
  const turn = (type: PanelType) => {
    onChange(turnedInto(panel, type))
    setKindOf((before) => before + 1)
  }
  const set = (change: Partial<Panel>) => {
    // The fields are those of the panel's own kind.
    onChange({ ...panel, ...change } as Panel)
  }
  return (
    <div className={cx(css['panelEditor'])}>
      <div className={cx(css['stack'])}>
        <div className={cx(css['preview'])}>
          <PanelFrame panel={panel} context={context} marks={marks} actions={{ onView: onDone }} isViewed />
        </div>
        {isDataPanel(panel) && (
          <Targets targets={panel.targets} variables={variables} onChange={(targets) => set({ targets })} />
        )}
        {panel.type === 'text' && (
          <Framed title="Text">
            <TextField
              label="Markdown"
              isLabelHidden
              lines={12}
              isMono
              value={panel.markdown}
              onChange={(markdown) => set({ markdown })}
            />
          </Framed>
        )}
      </div>
      <aside className={cx(css['options'])} aria-label="How it is shown">
        <Framed
          title="Panel"
          actions={
            <Button size="small" variant="primary" icon={Check} onPress={onDone}>
              Back to the board
            </Button>
          }
        >
          <div className={cx(css['fields'])}>
            <Select
              label="Kind"
              options={panelKinds
                .filter(({ type }) => (type === 'row') === (panel.type === 'row'))
                .map(({ type, title, description }) => ({ id: type, label: title, hint: description }))}
              value={panel.type}
              onChange={turn}
            />
            <TextField label="Title" value={panel.title} onChange={(title) => set({ title })} />
            <TextField
              label="Description"
              lines={2}
              value={panel.description}
              onChange={(description) => set({ description })}
            />
          </div>
        </Framed>
        {isDataPanel(panel) && (
          <>
            <Framed title="Values">
              <ValueFields key={kindOf} panel={panel} onChange={set} />
            </Framed>
            <Framed title="Thresholds">
              <ThresholdFields
                key={kindOf}
                thresholds={panel.thresholds}
                onChange={(thresholds) => set({ thresholds })}
              />
            </Framed>
          </>
        )}
        <Framed title={panelKinds.find(({ type }) => type === panel.type)?.title ?? 'Kind'}>
          <PanelOptions key={kindOf} panel={panel} onChange={onChange} />
        </Framed>
        <Framed title="Repeat">
          <RepeatFields repeat={panel.repeat} variables={variables} onChange={(repeat) => set({ repeat })} />
        </Framed>
      </aside>
    </div>
  )
}

function Targets({
  targets,
  variables,
  onChange,
}: {
  readonly targets: readonly Target[]
  readonly variables: readonly string[]
  readonly onChange: (targets: Target[]) => void
}) {
  const add = () =>
    onChange([
      ...targets,
      {
        refId: nextRefId(targets.map(({ refId }) => refId)),
        expr: '',
        legend: '',
        mode: targets[0]?.mode ?? 'range',
        minStep: '',
        isHidden: false,
      },
    ])
  return (
    <Framed
      title="Queries"
      note={variables.length > 0 ? `Variables: ${variables.map((name) => `$${name}`).join(' ')}` : ''}
      actions={
        <Button size="small" icon={Plus} isDisabled={targets.length >= 26} onPress={add}>
          Add a query
        </Button>
      }
    >
      <ol className={cx(css['stack'])}>
        {targets.map((target, index) => (
          <TargetEditor
            key={target.refId}
            target={target}
            onChange={(next) => onChange(targets.map((one, other) => (other === index ? next : one)))}
            onMove={(by) => onChange([...moved(targets, index, by)])}
            onRemove={() => onChange(targets.filter((_, other) => other !== index))}
            position={index}
            count={targets.length}
          />
        ))}
      </ol>
    </Framed>
  )
}
