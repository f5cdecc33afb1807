import { Button as AriaButton, Dialog, DialogTrigger, Heading, Popover } from 'react-aria-components'
import type { ComponentHealth, ConsoleHealth } from '#shared/contract/console.ts'
import { useCall } from '../client/use-call.ts'
import { formatDuration } from '../format/duration.ts'
import { cx } from '../ui/class-names.ts'
import { Answer, StaleBadge } from '../ui/placeholder.tsx'
import { type Mark, StateMark } from '../ui/state-mark.tsx'
import css from './health-button.module.css'

const marks: Readonly<Record<ConsoleHealth['status'], Mark>> = {
  healthy: 'up',
  degraded: 'degraded',
  unhealthy: 'down',
}

/** Belfry's own health as one word, and its parts on a press. */
export function HealthButton() {
  const health = useCall('console.health', {}, { on: { 'console.healthChanged': (_, changed) => changed } })
  const status = health.data?.status
  return (
    <DialogTrigger>
      <AriaButton className={cx(css['button'])} aria-label={`Belfry itself: ${status ?? 'not known'}`}>
        <StateMark state={status && !health.isStale ? marks[status] : 'unknown'} word={null} /> Belfry
      </AriaButton>
      <Popover placement="bottom end" offset={6} className={cx(css['popover'])}>
        <Dialog className={cx(css['dialog'])}>
          <header className={cx(css['header'])}>
            <Heading slot="title" className={cx(css['title'])}>
              Belfry is {status ?? 'not known to be well'}
            </Heading>
            <StaleBadge of={health} />
          </header>
          <Answer of={health} what="Belfry's own health">
            {({ components }) => (
              <ul className={cx(css['components'])}>
                {components.map((component) => (
                  <Component key={component.name} component={component} />
                ))}
              </ul>
            )}
          </Answer>
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}

function Component({ component }: { readonly component: ComponentHealth }) {
  const { name, status, message, responseTimeMs, hint } = component
  return (
    <li className={cx(css['component'])}>
      <StateMark state={marks[status]} word={null} />
      <div className={cx(css['words'])}>
        <span className={cx(css['name'])}>{name}</span>
        <span className={cx(css['message'])}>{message}</span>
        {status !== 'healthy' && hint && <span>{hint}</span>}
      </div>
      {responseTimeMs !== null && <span className={cx(css['message'])}>{formatDuration(responseTimeMs)}</span>}
    </li>
  )
}
