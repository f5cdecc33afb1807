import { Send } from 'lucide-react'
import { useState } from 'react'
import type { ChannelView, Delivery } from '#shared/contract/alerts.ts'
import type { Settings } from '#shared/contract/settings.ts'
import { useCall } from '../../client/use-call.ts'
import { useCommand } from '../../client/use-command.ts'
import { useEvent } from '../../client/use-event.ts'
import { formatAgo } from '../../format/duration.ts'
import { formatValue } from '../../format/unit.ts'
import { useNow } from '../../format/use-now.ts'
import { useMay } from '../../live/use-role.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { Panel } from '../../ui/panel.tsx'
import { Answer, StaleBadge } from '../../ui/placeholder.tsx'
import { markWord, StateMark } from '../../ui/state-mark.tsx'
import { ChoiceSetting, SwitchSetting, TextSetting } from './setting-controls.tsx'
import { SettingBlock } from './setting-row.tsx'
import css from './settings.module.css'

const severities = ['info', 'warning', 'error', 'critical'] as const

export function NotificationsSection(props: { readonly settings: Settings; readonly isDisabled: boolean }) {
  const { settings, isDisabled } = props
  const { desktop, leastSeverity, resolved, quietHours, quietExcept, sound } = settings.notifications
  const channels = useCall('notify.channels', {}, { on: { 'deliveries.changed': 'refetch' }, atMostEveryMs: 2000 })
  return (
    <Panel title="Notifications" note={<StaleBadge of={channels} />}>
      <SwitchSetting
        title="Desktop notifications"
        hint="Shown by the system, even when the window is closed"
        keywords="notify popup toast"
        value={desktop !== false}
        patch={(value) => ({ notifications: { desktop: value } })}
        isDisabled={isDisabled}
      />
      <ChoiceSetting
        title="Tell from severity"
        hint="Lesser ones are listed but not sent"
        keywords="notifications least severity"
        value={leastSeverity}
        options={severities.map((id) => ({ id, label: markWord(id) }))}
        shownAs="list"
        patch={(value) => ({ notifications: { leastSeverity: value } })}
        isDisabled={isDisabled}
      />
      <SwitchSetting
        title="Tell when resolved"
        keywords="notifications recovery"
        value={resolved}
        patch={(value) => ({ notifications: { resolved: value } })}
        isDisabled={isDisabled}
      />
      <TextSetting
        title="Quiet hours"
        hint={
          quietHours === ''
            ? 'Such as 22:00-07:00; empty: none'
            : 'What fires meanwhile and still does at the end is told then'
        }
        keywords="notifications quiet hours night do not disturb mute"
        placeholder="22:00-07:00"
        value={quietHours}
        patch={(value) => ({ notifications: { quietHours: value } })}
        isDisabled={isDisabled}
      />
      <ChoiceSetting
        title="In quiet hours tell from"
        keywords="notifications quiet hours night severity"
        value={quietExcept}
        options={severities.map((id) => ({ id, label: markWord(id) }))}
        shownAs="list"
        patch={(value) => ({ notifications: { quietExcept: value } })}
        isDisabled={isDisabled || quietHours === ''}
      />
      <SwitchSetting
        title="Sound"
        hint="In an open window, until somebody takes the alert; a browser wants one click on the page first"
        keywords="notifications sound chime tone alarm audio"
        value={sound}
        patch={(value) => ({ notifications: { sound: value } })}
        isDisabled={isDisabled}
      />
      <SettingBlock keywords="notifications channels test send">
        <Answer of={channels} what="Channels">
          {(list) => (
            <ul className={cx(css['channels'])} aria-label="Channels">
              {list.map((channel) => (
                <Channel key={channel.id} channel={channel} />
              ))}
            </ul>
          )}
        </Answer>
      </SettingBlock>
    </Panel>
  )
}

function Channel({ channel }: { readonly channel: ChannelView }) {
  const now = useNow()
  const mayOperate = useMay('operator')
  const test = useCommand('notify.test')
  const [sent, setSent] = useState<Delivery | null>(null)
  // The answer may come after the call: the delivery goes on being attempted.
  useEvent('deliveries.changed', (delivery) => setSent((before) => (before?.id === delivery.id ? delivery : before)))
  const { id, title, mechanism, enabled, available, problem, lastDelivery } = channel
  const run = async () => {
    setSent(null)
    setSent(await test.run({ channel: id }))
  }
  return (
    <li className={cx(css['channel'])}>
      <div className={cx(css['what'])}>
        <StateMark state={!available ? 'down' : enabled ? 'up' : 'unobserved'} word={title} />
        <div className={cx(css['hint'])}>
          {problem ?? `Through ${mechanism}${enabled ? '' : '; switched off'}`}
          {lastDelivery && (
            <div>
              Last {lastDelivery.ok ? 'delivered' : 'failed'} {formatAgo(lastDelivery.at, now)}: {lastDelivery.answer}
            </div>
          )}
        </div>
      </div>
      <div className={cx(css['control'])}>
        <Button size="small" icon={Send} isPending={test.isRunning} isDisabled={!mayOperate} onPress={run}>
          {test.isRunning ? 'Sending' : 'Send a test'}
        </Button>
        <div aria-live="polite">
          {sent && <Answered delivery={sent} />}
          {test.failure && <p className={cx(css['problem'])}>{test.failure.message}</p>}
        </div>
      </div>
    </li>
  )
}

function Answered({ delivery }: { readonly delivery: Delivery }) {
  const last = delivery.attempts.at(-1)
  if (!last) return <p className={cx(css['muted'])}>Queued.</p>
  return (
    <p>
      <StateMark state={last.ok ? 'up' : 'down'} word={last.ok ? 'Delivered' : 'Failed'} />{' '}
      <span className={cx(css['muted'])}>
        {last.answer} ({formatValue(last.durationMs, 'milliseconds')})
      </span>
    </p>
  )
}
