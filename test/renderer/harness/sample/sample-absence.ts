import type { Absence } from '#shared/contract/absence.ts'
import type { CheckView } from '#shared/contract/checks.ts'

/** An absence in which things happened: something is down, something was, and the network was gone for a while. */
export function sampleAbsence(checks: readonly CheckView[], since: number, now: number): Absence {
  const bad = checks.filter(({ state }) => state === 'down' || state === 'degraded').slice(0, 3)
  const back = checks.filter(({ state }) => state === 'up').slice(0, 2)
  return {
    since,
    checks: checks.length,
    troubled: [
      ...bad.map(({ id, name, state, stateSince }) => ({
        ...{ id, name, state },
        worst: state === 'down' ? ('down' as const) : ('degraded' as const),
        times: 1,
        badMs: now - stateSince,
        at: stateSince,
      })),
      ...back.map(({ id, name, state }, index) => ({
        ...{ id, name, state },
        worst: 'down' as const,
        times: index + 1,
        badMs: 252_000,
        at: now - 1_800_000,
      })),
    ],
    troubledCount: bad.length + back.length,
    blind: [
      {
        from: now - 5_400_000,
        to: now - 5_160_000,
        reason: { code: 'uplink', message: 'This machine had no network of its own at that time.' },
        checks: Math.max(0, checks.length - 2),
      },
    ],
    notices: [],
  }
}
