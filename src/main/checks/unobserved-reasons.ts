import type { Reason } from '#shared/contract/checks.ts'

/** Why nobody looked, as timelines and reports say it. */
export const unobservedReasons = {
  stopped: { code: 'not-running', message: 'Belfry was not running.' },
  paused: { code: 'paused', message: 'The check was paused.' },
  removed: { code: 'removed', message: 'The check was removed.' },
  asleep: { code: 'asleep', message: 'This machine slept, or Belfry was stopped.' },
  clockSet: { code: 'clock-set', message: 'The clock of this machine was set forward: this time never was.' },
} satisfies Record<string, Reason>
