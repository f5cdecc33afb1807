/** The short questions before an alert is acknowledged, snoozed or closed. */
import { type ReactNode, useState } from 'react'
import type { AlertView } from '#shared/contract/alerts.ts'
import { formatInstant } from '../../format/instant.ts'
import { useNow } from '../../format/use-now.ts'
import { useZone } from '../../theme/appearance.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { Dialog } from '../../ui/dialog.tsx'
import { Select, TextField } from '../../ui/fields.tsx'
import { parseQuantity } from '../../ui/form/quantity-text.ts'
import css from './alert-dialogs.module.css'
import { headlineOf } from './alert-words.ts'
import { untilChoices } from './until-choices.ts'
import type { AlertActions } from './use-alert-actions.ts'

export type AlertQuestion = 'acknowledge' | 'snooze' | 'resolve'

interface AlertDialogsProps {
  readonly question: AlertQuestion | null
  readonly alerts: readonly AlertView[]
  readonly actions: AlertActions
  readonly onClose: () => void
}

/** The dialog of the question, over the alerts it is asked of. */
export function AlertDialogs({ question, ...props }: AlertDialogsProps) {
  if (question === null || props.alerts.length === 0) return null
  switch (question) {
    case 'acknowledge':
      return <AcknowledgeDialog {...props} />
    case 'snooze':
      return <SnoozeDialog {...props} />
    case 'resolve':
      return <ResolveDialog {...props} />
  }
}

type QuestionProps = Omit<AlertDialogsProps, 'question'>

function AcknowledgeDialog({ alerts, actions, onClose }: QuestionProps) {
  const [note, setNote] = useState('')
  const [lapse, setLapse] = useState('episode')
  const zone = useZone()
  const now = useNow()
  const holder = alerts.find(({ acknowledgement }) => acknowledgement !== null)?.acknowledgement
  const until = untilChoices.find(({ id }) => id === lapse)?.at(now, zone) ?? null
  const act = async () => {
    onClose()
    await actions.acknowledge(alerts, note.trim(), until)
  }
  return (
    <Question title={`Acknowledge ${subject(alerts)}`} action="Acknowledge" onAct={act} onClose={onClose}>
      <p className={cx(css['text'])}>
        {holder ? `${holder.by} holds it already. ` : ''}Repeats stop, and everybody sees that you are on it.
      </p>
      <TextField label="Note" value={note} onChange={setNote} placeholder="What you are going to do" autoFocus />
      <Select
        label="Ends"
        options={[
          { id: 'episode', label: 'When the alert ends' },
          ...untilChoices.map(({ id, label }) => ({ id, label: label.startsWith('Until') ? label : `After ${label}` })),
        ]}
        value={lapse}
        onChange={setLapse}
        hint={until === null ? undefined : formatInstant(until, zone)}
      />
    </Question>
  )
}

function SnoozeDialog({ alerts, actions, onClose }: QuestionProps) {
  const zone = useZone()
  const now = useNow()
  const [text, setText] = useState('')
  const typed = text.trim() === '' ? null : parseQuantity(text, 'ms')
  const snooze = async (until: number) => {
    onClose()
    await actions.snooze(alerts, until)
  }
  const problem = typed && !typed.ok ? typed.message : typed && typed.value === 0 ? 'Expected more than no time.' : null
  return (
    <Question
      title={`Snooze ${subject(alerts)}`}
      action="Snooze"
      isDisabled={typed === null || problem !== null}
      onAct={() => (typed?.ok ? snooze(now + typed.value) : undefined)}
      onClose={onClose}
    >
      <p className={cx(css['text'])}>Nothing is said of it until then. It goes on being evaluated.</p>
      <div className={cx(css['choices'])}>
        {untilChoices.map(({ id, label, at }, index) => (
          <Button key={id} autoFocus={index === 0} onPress={() => snooze(at(now, zone))}>
            {label}
          </Button>
        ))}
      </div>
      <TextField
        label="Another length"
        value={text}
        onChange={setText}
        placeholder="2 h 30 min"
        problem={problem}
        hint={typed?.ok ? `Until ${formatInstant(now + typed.value, zone)}` : undefined}
      />
    </Question>
  )
}

function ResolveDialog({ alerts, actions, onClose }: QuestionProps) {
  const [note, setNote] = useState('')
  const act = async () => {
    onClose()
    await actions.resolve(alerts, note.trim())
  }
  return (
    <Question title={`Resolve ${subject(alerts)}`} action="Resolve" onAct={act} onClose={onClose}>
      <p className={cx(css['text'])}>
        This cannot be undone. The rule goes on: once its condition has been false and holds again, a new alert begins.
      </p>
      <TextField label="Note" value={note} onChange={setNote} placeholder="Why it is over" autoFocus />
    </Question>
  )
}

function Question(props: {
  readonly title: string
  readonly action: string
  readonly isDisabled?: boolean
  readonly onAct: () => unknown
  readonly onClose: () => void
  readonly children: ReactNode
}) {
  return (
    <Dialog title={props.title} isOpen onClose={props.onClose}>
      <form
        className={cx(css['question'])}
        onSubmit={(event) => {
          event.preventDefault()
          if (!props.isDisabled) void props.onAct()
        }}
      >
        {props.children}
        <div className={cx(css['buttons'])}>
          <Button onPress={props.onClose}>Cancel</Button>
          <Button type="submit" variant="primary" isDisabled={props.isDisabled ?? false}>
            {props.action}
          </Button>
        </div>
      </form>
    </Dialog>
  )
}

function subject(alerts: readonly AlertView[]): string {
  const [first] = alerts
  return first && alerts.length === 1 ? headlineOf(first) : `${alerts.length} alerts`
}
