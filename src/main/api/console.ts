import type { Health } from '#main/health/health.ts'
import type { Notices } from '#main/notices.ts'
import type { Clock } from '#main/ports.ts'
import type { HandlersOf, OutputOf } from '#shared/contract/index.ts'

/** What does not change while the console runs. */
export type ConsoleIdentity = Omit<OutputOf<'console.info'>, 'now' | 'caller'>

export function consoleHandlers(
  identity: ConsoleIdentity,
  { clock, health, notices }: { readonly clock: Clock; readonly health: Health; readonly notices: Notices },
): Omit<HandlersOf<'console'>, 'console.restart'> {
  return {
    'console.info': (_, { caller }) => ({
      ...identity,
      now: clock.now(),
      caller: { name: caller.name, role: caller.role },
    }),
    'console.health': () => health.check(),
    'console.notices': () => notices.list(),
    'console.dismissNotice': ({ id }) => {
      notices.dismiss(id)
      return notices.list()
    },
  }
}
