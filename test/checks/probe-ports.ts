/** What a probe is handed, where nobody pinged and pictures go nowhere. */
import { systemClock } from '#main/adapters/clock.ts'
import { noPings } from '#main/checks/heartbeat/ping.ts'
import type { ProbePorts } from '#main/checks/kind.ts'
import { memoryLogger } from '#test/support/ports.ts'

export function probePorts(overrides: Partial<ProbePorts> = {}): ProbePorts {
  return {
    clock: systemClock,
    logger: memoryLogger(),
    pings: { of: () => noPings, listeningSince: () => 0 },
    pictures: { keep: async () => '00000000-0000-4000-8000-000000000000.jpg' },
    timeoutMs: 5000,
    ...overrides,
  }
}
