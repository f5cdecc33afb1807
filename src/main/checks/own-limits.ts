/** Limits of this machine that probes run into: each told once with what to do, and withdrawn when it is over. */
import type { Notices } from '#main/notices.ts'
import type { Clock, Timers } from '#main/ports.ts'

export interface OwnLimits {
  /** The reason of a result that could not be measured. */
  note(reasonCode: string): void
  close(): void
}

/** So long without another sign of it, a limit is not in the way any more. */
const quietMs = 60_000
const lookEveryMs = 10_000

const notices: Readonly<Record<string, { readonly title: string; readonly message: string }>> = {
  'out-of-descriptors': {
    title: 'Belfry has no free file descriptors',
    message:
      'Checks that cannot be made are unknown, not down. Raise the limit of open files (ulimit -n, or LimitNOFILE= of the service) and restart Belfry, or let it check less at once.',
  },
  'out-of-memory': {
    title: 'This machine has no memory for more connections',
    message:
      'Checks that cannot be made are unknown, not down. Find out what uses the memory (see "This machine"), or let Belfry check less at once.',
  },
  'no-local-port': {
    title: 'This machine has no free local ports',
    message:
      'Checks that cannot be made are unknown, not down. Something opens very many connections: see `ss -s`, widen net.ipv4.ip_local_port_range, or let Belfry check less at once.',
  },
}

export function watchOwnLimits({
  clock,
  timers,
  notices: told,
}: {
  readonly clock: Clock
  readonly timers: Timers
  readonly notices: Pick<Notices, 'raise' | 'withdraw'>
}): OwnLimits {
  const metAtMs = new Map<string, number>()
  const stop = timers.every(lookEveryMs, () => {
    for (const [code, atMs] of metAtMs) {
      if (clock.monotonicMs() - atMs < quietMs) continue
      metAtMs.delete(code)
      told.withdraw(noticeIdOf(code))
    }
  })
  return {
    note(code) {
      const notice = notices[code]
      if (notice === undefined) return
      metAtMs.set(code, clock.monotonicMs())
      told.raise({ id: noticeIdOf(code), level: 'error', ...notice })
    },
    close: stop,
  }
}

const noticeIdOf = (code: string) => `own-limits.${code}`
