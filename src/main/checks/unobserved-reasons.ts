import type { Reason } from '#shared/contract/checks.ts'

/** Why nobody looked, as timelines and reports say it. */
export const unobservedReasons = {
  stopped: { code: 'not-running', message: 'Belfry was not running.' },
  paused: { code: 'paused', message: 'The check was paused.' },
  removed: { code: 'removed', message: 'The check was removed.' },
  asleep: { code: 'asleep', message: 'This machine slept, or Belfry was stopped.' },
} satisfies Record<string, Reason>
