/** Tries what is written, without saving it, and shows the real answer. */
import { FlaskConical } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '../button.tsx'
import { cx } from '../class-names.ts'
import { Kbd } from '../kbd.tsx'
import { Panel } from '../panel.tsx'
import { EmptyState, Skeleton } from '../placeholder.tsx'
import type { DraftKind } from './draft.ts'
import css from './trial-panel.module.css'
import type { DraftFormState } from './use-draft-form.ts'

interface TrialPanelProps<Draft, Kind extends DraftKind, Tried> {
  readonly form: DraftFormState<Draft, Kind, Tried>
  /** What a trial does, while there was none. */
  readonly hint: ReactNode
  readonly children: (tried: Tried) => ReactNode
}

export function TrialPanel<Draft, Kind extends DraftKind, Tried>(props: TrialPanelProps<Draft, Kind, Tried>) {
  const { tried, trying, isTrialOld, tryNow } = props.form
  return (
    <Panel
      title="Trial"
      note={tried !== null && isTrialOld ? 'of what stood there before' : undefined}
      className={cx(css['trial'])}
      actions={
        <Button size="small" icon={FlaskConical} isPending={trying.isRunning} onPress={tryNow}>
          {trying.isRunning ? 'Trying' : 'Try it now'} <Kbd keys="mod+Enter" />
        </Button>
      }
    >
      <div aria-live="polite" aria-busy={trying.isRunning}>
        <Content {...props} />
      </div>
    </Panel>
  )
}

function Content<Draft, Kind extends DraftKind, Tried>(props: TrialPanelProps<Draft, Kind, Tried>) {
  const { tried, trying, isTrialOld } = props.form
  if (trying.isRunning) return <Skeleton lines={6} />
  if (trying.failure)
    return (
      <p className={cx(css['problem'])} role="alert">
        {trying.failure.message}
      </p>
    )
  if (tried === null)
    return (
      <EmptyState icon={FlaskConical} title="Not tried yet">
        {props.hint}
      </EmptyState>
    )
  return <div className={cx(isTrialOld && css['old'])}>{props.children(tried)}</div>
}
