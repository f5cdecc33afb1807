/** Tries what is written, without saving it, and shows the real answer. */
import { FlaskConical } from 'lucide-react'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { Kbd } from '../../ui/kbd.tsx'
import { Panel } from '../../ui/panel.tsx'
import { EmptyState, Skeleton } from '../../ui/placeholder.tsx'
import css from './check-form.module.css'
import { CheckResultLine, CheckResultView } from './check-result.tsx'
import type { CheckFormState } from './use-check-form.ts'

export function TrialPanel({ form }: { readonly form: CheckFormState }) {
  const { tried, trying, isTrialOld } = form
  return (
    <Panel
      title="Trial"
      note={tried && isTrialOld ? 'of what stood there before' : undefined}
      className={cx(css['trial'])}
      actions={
        <Button size="small" icon={FlaskConical} isPending={trying.isRunning} onPress={form.tryNow}>
          {trying.isRunning ? 'Trying' : 'Try it now'} <Kbd keys="mod+Enter" />
        </Button>
      }
    >
      <div aria-live="polite" aria-busy={trying.isRunning}>
        <Content form={form} />
      </div>
    </Panel>
  )
}

function Content({ form: { tried, trying, isTrialOld } }: { readonly form: CheckFormState }) {
  if (trying.isRunning) return <Skeleton lines={6} />
  if (trying.failure)
    return (
      <p className={cx(css['problem'])} role="alert">
        {trying.failure.message}
      </p>
    )
  if (!tried)
    return (
      <EmptyState icon={FlaskConical} title="Not tried yet">
        A trial asks the target once and shows status, headers, body, certificate and timing. Nothing is saved.
      </EmptyState>
    )
  return (
    <div className={cx(css['tried'], isTrialOld && css['old'])}>
      <CheckResultLine result={tried} />
      <CheckResultView result={tried} />
    </div>
  )
}
