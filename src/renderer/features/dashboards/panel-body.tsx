/** What a panel shows, by its kind: what it asked for, or what it is by itself. */
import { type RefObject, useEffect, useMemo, useRef } from 'react'
import { interpolate, type Scope, variablesIn } from '#shared/domain/dashboard/interpolate.ts'
import { type DataPanel, isDataPanel, type Panel } from '#shared/domain/dashboard/panels.ts'
import type { ChartMark } from '../../charts/chart-content.ts'
import { useOnScreen } from '../../charts/use-on-screen.ts'
import { useSize } from '../../charts/use-size.ts'
import type { CallState } from '../../client/use-call.ts'
import { cx } from '../../ui/class-names.ts'
import { Markdown } from '../../ui/markdown.tsx'
import { Answer, Skeleton } from '../../ui/placeholder.tsx'
import { AlertListPanel } from './alert-list-panel.tsx'
import css from './board.module.css'
import { DataPanelView } from './data-panel-view.tsx'
import { HeartbeatPanel } from './heartbeat-panel.tsx'
import { type Frames, framesOf, shownTargets } from './panel-frames.ts'
import { type PanelContext, usePanelData } from './use-panel-data.ts'

export interface PanelBodyProps {
  readonly panel: Panel
  readonly context: PanelContext
  readonly marks: readonly ChartMark[]
  readonly isTable: boolean
  /** Told what is shown, for exports and the header. */
  readonly onShown?: (shown: ShownData) => void
}

export interface ShownData {
  readonly frames: Frames | null
  readonly answer: CallState<unknown> | null
}

export function PanelBody(props: PanelBodyProps) {
  const { panel, context } = props
  const frame = useRef<HTMLDivElement>(null)
  return (
    <div className={cx(css['body'])} ref={frame}>
      {isDataPanel(panel) ? (
        <DataBody {...props} panel={panel} frame={frame} />
      ) : panel.type === 'text' ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable with the keyboard
        <section className={cx(css['text'])} tabIndex={0} aria-label={panel.title || 'Text'}>
          <Markdown text={interpolate(panel.markdown, context.scope)} />
        </section>
      ) : panel.type === 'alert-list' ? (
        <AlertListPanel panel={panel} scope={context.scope} />
      ) : panel.type === 'heartbeat' ? (
        <HeartbeatPanel panel={panel} scope={context.scope} />
      ) : (
        <p className={cx(css['nothing'])}>This version of Belfry keeps no log lines, so there are none to list.</p>
      )}
    </div>
  )
}

function DataBody({
  panel,
  context,
  marks,
  isTable,
  onShown,
  frame,
}: PanelBodyProps & { readonly panel: DataPanel; readonly frame: RefObject<HTMLDivElement | null> }) {
  const { width, height } = useSize(frame)
  const isOnScreen = useOnScreen(frame)
  const missing = useMemo(() => missingVariables(panel, context.scope), [panel, context.scope])
  const { answer, range } = usePanelData(panel, context, { width, isEnabled: isOnScreen && missing.length === 0 })
  const frames = useMemo(
    () => (answer.data ? framesOf(panel, answer.data, context.scope) : null),
    [panel, answer.data, context.scope],
  )
  useEffect(() => onShown?.({ frames, answer }), [onShown, frames, answer])
  if (shownTargets(panel).length === 0) return <p className={cx(css['nothing'])}>This panel asks for nothing yet.</p>
  if (missing.length > 0) {
    const names = missing.map((name) => `$${name}`).join(' and ')
    return <p className={cx(css['nothing'])}>There is nothing to ask for: {names} has no value in this range.</p>
  }
  return (
    <Answer of={answer} what={panel.title || 'The panel'} loading={<Skeleton height={Math.max(40, height)} />}>
      {() =>
        frames && (
          <div className={cx(css['shown'])}>
            {frames.problems.length > 0 && (
              <ul className={cx(css['problems'])} role="alert">
                {frames.problems.map((problem) => (
                  <li key={problem}>{problem}</li>
                ))}
              </ul>
            )}
            {frames.frames.length > 0 ? (
              <DataPanelView
                panel={panel}
                frames={frames}
                range={range}
                scope={context.scope}
                marks={marks}
                isTable={isTable}
                height={height}
              />
            ) : (
              frames.problems.length === 0 && <p className={cx(css['nothing'])}>No series matches in this range.</p>
            )}
          </div>
        )
      }
    </Answer>
  )
}

/** Variables of its queries that nothing can be chosen for: without them no query is what was meant. */
function missingVariables(panel: DataPanel, scope: Scope): readonly string[] {
  const used = shownTargets(panel).flatMap(({ expr }) => variablesIn(expr))
  return [...new Set(used)].filter((name) => {
    const value = scope.get(name)
    return value !== undefined && value.values.length === 0 && value.all === null && !value.isMulti
  })
}
