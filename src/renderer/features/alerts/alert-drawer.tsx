/** Everything about one alert, beside the list: why, since when, who was told, what happened, what was alike. */
import { BellOff, BellRing, Check, ExternalLink, UserCheck, UserX } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { AlertDetail, AlertView } from '#shared/contract/alerts.ts'
import { useCall } from '../../client/use-call.ts'
import { formatDuration } from '../../format/duration.ts'
import { formatInstant } from '../../format/instant.ts'
import { useNow } from '../../format/use-now.ts'
import { useKeys } from '../../keys/use-keys.ts'
import { useMay } from '../../live/use-role.ts'
import { Link } from '../../navigation/link.tsx'
import { useZone } from '../../theme/appearance.ts'
import { LabelChip } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { Drawer } from '../../ui/dialog.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { Answer, EmptyState, StaleBadge } from '../../ui/placeholder.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import { AlertChart } from './alert-chart.tsx'
import { AlertDialogs, type AlertQuestion } from './alert-dialogs.tsx'
import css from './alert-drawer.module.css'
import { startOf } from './alert-order.ts'
import { Overlays } from './alert-row.tsx'
import { alertStateWords, eventWords, headlineOf, resolutionWords, severityWords } from './alert-words.ts'
import { DeliveryList } from './delivery-list.tsx'
import { instantsInZone } from './instants-in-zone.ts'
import { type AlertActions, useAlertActions } from './use-alert-actions.ts'

interface AlertDrawerProps {
  readonly id: string
  readonly onClose: () => void
  /** Another alert instead: one of the similar ones. */
  readonly onOpen: (id: string) => void
}

export function AlertDrawer({ id, onClose, onOpen }: AlertDrawerProps) {
  const detail = useCall(
    'alerts.get',
    { id },
    { on: { 'alerts.changed': 'refetch', 'deliveries.changed': 'refetch' }, atMostEveryMs: 1000 },
  )
  const actions = useAlertActions()
  const mayOperate = useMay('operator')
  const [question, setQuestion] = useState<AlertQuestion | null>(null)
  const alert = detail.data?.alert ?? null
  const isActive = alert !== null && alert.state !== 'resolved'
  useKeys(
    'This alert',
    [
      { keys: 'a', title: 'Acknowledge', run: () => setQuestion('acknowledge') },
      { keys: 's', title: 'Snooze', run: () => setQuestion('snooze') },
    ],
    isActive && mayOperate && question === null,
  )
  const isGone = detail.failure?.code === 'not-found'
  return (
    <>
      <Drawer
        title={alert ? headlineOf(alert) : 'Alert'}
        isOpen
        onClose={onClose}
        footer={alert && isActive && mayOperate && <Buttons alert={alert} actions={actions} onAsk={setQuestion} />}
      >
        {isGone ? (
          <EmptyState title="This alert is gone">Its history was removed with age, or the link is wrong.</EmptyState>
        ) : (
          <Answer of={detail} what="The alert">
            {(data) => (
              <div className={cx(css['content'])}>
                <StaleBadge of={detail} />
                <Content detail={data} onOpen={onOpen} />
              </div>
            )}
          </Answer>
        )}
      </Drawer>
      {alert && (
        <AlertDialogs question={question} alerts={[alert]} actions={actions} onClose={() => setQuestion(null)} />
      )}
    </>
  )
}

function Buttons(props: {
  readonly alert: AlertView
  readonly actions: AlertActions
  readonly onAsk: (question: AlertQuestion) => void
}) {
  const { alert, actions, onAsk } = props
  const now = useNow()
  const isSnoozed = alert.snoozedUntil !== null && alert.snoozedUntil > now
  return (
    <>
      <Button icon={Check} onPress={() => onAsk('resolve')}>
        Resolve
      </Button>
      {isSnoozed ? (
        <Button icon={BellRing} onPress={() => actions.unsnooze([alert])}>
          End snooze
        </Button>
      ) : (
        <Button icon={BellOff} onPress={() => onAsk('snooze')}>
          Snooze <Kbd keys="s" />
        </Button>
      )}
      {alert.acknowledgement ? (
        <Button icon={UserX} onPress={() => actions.unacknowledge([alert])}>
          Give back
        </Button>
      ) : (
        <Button variant="primary" icon={UserCheck} onPress={() => onAsk('acknowledge')}>
          Acknowledge
        </Button>
      )}
    </>
  )
}

function Content({ detail, onOpen }: { readonly detail: AlertDetail; readonly onOpen: (id: string) => void }) {
  const zone = useZone()
  // The explanation is as old as what is shown of the alert.
  const saidAt = useNow()
  const { alert, explanation, events, deliveries, similar, expr, forMs } = detail
  const description = alert.annotations['description']
  const runbook = webAddress(alert.annotations['runbook_url'])
  return (
    <>
      <Standing alert={alert} />
      {description && <p className={cx(css['description'])}>{description}</p>}
      {runbook && (
        <a href={runbook} target="_blank" rel="noreferrer" className={cx(css['runbook'])}>
          <ExternalLink size={14} aria-hidden /> Runbook
        </a>
      )}
      <AlertChart key={alert.id} detail={detail} />
      <Section title="Why">
        {explanation.map((sentence) => (
          <p key={sentence}>{instantsInZone(sentence, saidAt, zone)}</p>
        ))}
      </Section>
      <Section title="Rule">
        <p>
          <strong>{alert.rule}</strong>
          {forMs > 0 && <span className={cx(css['muted'])}> for {formatDuration(forMs)}</span>}
        </p>
        <pre className={cx(css['expr'])}>{expr}</pre>
      </Section>
      <Section title="Labels">
        <div className={cx(css['chips'])}>
          {Object.entries(alert.labels).map(([name, value]) => (
            <LabelChip key={name} name={name} value={value} />
          ))}
        </div>
        {alert.checkId !== null && (
          <Link to="check" params={{ id: alert.checkId }}>
            Open the check
          </Link>
        )}
        <Annotations annotations={alert.annotations} />
      </Section>
      <Section title="What happened">
        <ol className={cx(css['events'])}>
          {events.map((event) => (
            <li key={`${event.at} ${event.type}`}>
              <time>{formatInstant(event.at, zone)}</time>
              <span>
                <strong>{eventWords[event.type]}</strong>
                {event.by !== null && ` by ${event.by}`}
                {event.message !== '' && (
                  <span className={cx(css['muted'])}> {instantsInZone(event.message, event.at, zone)}</span>
                )}
              </span>
            </li>
          ))}
        </ol>
      </Section>
      <Section title="Deliveries">
        {deliveries.length === 0 ? (
          <p className={cx(css['muted'])}>Nothing was sent of this alert.</p>
        ) : (
          <DeliveryList deliveries={deliveries} isWithinAlert />
        )}
      </Section>
      {similar.length > 0 && (
        <Section title="Similar alerts before">
          <ul className={cx(css['events'])}>
            {similar.map((past) => (
              <li key={past.id}>
                <time>{formatInstant(startOf(past), zone)}</time>
                <button type="button" className={cx(css['past'])} onClick={() => onOpen(past.id)}>
                  {past.resolvedAt === null ? 'still open' : `for ${formatDuration(past.resolvedAt - startOf(past))}`}
                  {past.resolution && `, ${resolutionWords[past.resolution]}`}
                  {past.acknowledgement?.note && `: ${past.acknowledgement.note}`}
                </button>
              </li>
            ))}
          </ul>
        </Section>
      )}
    </>
  )
}

function Standing({ alert }: { readonly alert: AlertView }) {
  const now = useNow()
  const zone = useZone()
  const since = startOf(alert)
  return (
    <div className={cx(css['standing'])}>
      <StateMark
        state={alert.state === 'resolved' ? 'resolved' : alert.severity}
        word={`${alertStateWords[alert.state]}, ${severityWords[alert.severity].toLowerCase()}`}
        size={16}
      />
      <span className={cx(css['muted'])}>
        since {formatInstant(since, zone)}, for {formatDuration((alert.resolvedAt ?? now) - since)}
        {alert.resolution && `; ${resolutionWords[alert.resolution]}`}
      </span>
      {alert.health !== 'ok' && (
        <StateMark state="unknown" word={alert.health === 'nodata' ? 'no data now' : 'evaluation fails'} />
      )}
      <Overlays alert={alert} />
      {alert.acknowledgement?.note && <p className={cx(css['ackNote'])}>“{alert.acknowledgement.note}”</p>}
    </div>
  )
}

/** Those that are not already said above. */
function Annotations({ annotations }: { readonly annotations: AlertView['annotations'] }) {
  const others = Object.entries(annotations).filter(
    ([name]) => !['summary', 'description', 'runbook_url'].includes(name),
  )
  if (others.length === 0) return null
  return (
    <dl className={cx(css['annotations'])}>
      {others.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function Section({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={cx(css['section'])}>
      <h3 className={cx(css['sectionTitle'])}>{title}</h3>
      {children}
    </section>
  )
}

/** Annotations come from files and series: only web addresses become links. */
function webAddress(text: string | undefined): string | null {
  return text !== undefined && URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) ? text : null
}
