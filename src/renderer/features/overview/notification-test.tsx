import { BellRing } from 'lucide-react'
import { useState } from 'react'
import type { Delivery } from '#shared/contract/alerts.ts'
import { useCall } from '../../client/use-call.ts'
import { useCommand } from '../../client/use-command.ts'
import { useMay } from '../../live/use-role.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { Answer } from '../../ui/placeholder.tsx'
import { StateMark } from '../../ui/state-mark.tsx'
import css from './overview.module.css'

/** Sends a real notification the way an alert would go, and shows what came back. */
export function NotificationTest() {
  const channels = useCall('notify.channels', {})
  const test = useCommand('notify.test')
  const mayTest = useMay('operator')
  const [delivery, setDelivery] = useState<Delivery | null>(null)
  const attempt = delivery?.attempts.at(-1)
  return (
    <Answer of={channels} what="Notification channels">
      {(list) => (
        <div className={cx(css['firstCheck'])}>
          {list.map(({ id, title, available, mechanism, problem }) => (
            <div key={id} className={cx(css['trial'])}>
              <StateMark state={available ? 'up' : 'unknown'} word={null} />
              <div className={cx(css['lineText'])}>
                <span>{title}</span>
                <span className={cx(css['muted'])}>{problem ?? `through ${mechanism}`}</span>
              </div>
              <Button
                icon={BellRing}
                size="small"
                isDisabled={!available || !mayTest}
                isPending={test.isRunning}
                onPress={() => void test.run({ channel: id }).then(setDelivery)}
              >
                Send a test
              </Button>
            </div>
          ))}
          <p aria-live="polite" className={cx(css['muted'])}>
            {test.failure?.message}
            {attempt && (attempt.ok ? `It was taken: ${attempt.answer}.` : `It failed: ${attempt.answer}`)}
          </p>
        </div>
      )}
    </Answer>
  )
}
