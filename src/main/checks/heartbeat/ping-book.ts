/**
 * Takes pings in: known to a configured check, durable, and only then answered. Knows since when pings could have come
 * at all, which is what silence has to be measured against. Judges nothing.
 */
import type { Clock, Logger } from '#main/ports.ts'
import type { StateStore } from '#main/store/state-store.ts'
import { AppError } from '#shared/contract/errors.ts'
import { noPings, type Ping, type PingMemory, remembering } from './ping.ts'

/** What heartbeats read when they are judged. */
export interface PingSource {
  of(pingId: string): PingMemory
  /** Epoch ms since when no ping was missed; null while nothing listens. */
  listeningSince(): number | null
}

/** What a listener hands its pings to. */
export interface PingDoor {
  /**
   * Resolves when the ping is durable. AppError `not-found` for an id nobody waits for, `too-many` for a flood,
   * `unavailable` when the disk refuses.
   */
  receive(pingId: string, ping: Omit<Ping, 'at' | 'durationMs'>): Promise<void>
  /** A listener takes pings from now on at this address, such as `https://belfry.example.com:4680`. Returns its end. */
  open(url: string): () => void
}

export interface PingBook extends PingSource, PingDoor {
  /** Of the listener that was opened first; null while nothing listens. */
  url(): string | null
  /** Newest first. */
  newest(pingId: string, limit: number): Promise<readonly Ping[]>
  /** Pings of exactly these ids are taken. */
  expect(pingIds: ReadonlySet<string>): void
  /** Nobody listened before this instant: asleep, or stopped. */
  missedUntil(at: number): void
  /** Reads what the database remembers. */
  recall(): Promise<void>
}

/** A job may ping this often at once, and then once a second. */
const burst = 60
const refillMs = 1000

interface Allowance {
  left: number
  atMs: number
}

export function createPingBook(
  { clock, logger }: { clock: Clock; logger: Logger },
  state: StateStore,
  onPing: (pingId: string) => void,
): PingBook {
  const memories = new Map<string, PingMemory>()
  const allowances = new Map<string, Allowance>()
  const doors = new Set<{ readonly url: string }>()
  let expected: ReadonlySet<string> = new Set()
  let since: number | null = null

  const of = (pingId: string) => memories.get(pingId) ?? noPings

  function take(pingId: string, ping: Ping): Ping {
    const step = remembering(of(pingId), ping)
    memories.set(pingId, step.memory)
    return step.ping
  }

  function isAllowed(pingId: string): boolean {
    const nowMs = clock.monotonicMs()
    const known = allowances.get(pingId) ?? { left: burst, atMs: nowMs }
    const left = Math.min(burst, known.left + (nowMs - known.atMs) / refillMs)
    if (left >= 1) allowances.set(pingId, { left: left - 1, atMs: nowMs })
    return left >= 1
  }

  return {
    of,
    listeningSince: () => since,
    url: () => [...doors][0]?.url ?? null,
    async receive(pingId, sent) {
      // The same words as for any address that does not exist: an id cannot be told from a path.
      if (!expected.has(pingId)) throw new AppError('not-found', 'There is nothing at this address.')
      if (!isAllowed(pingId)) {
        throw new AppError('too-many', `Expected at most ${burst} pings a minute of one job; this one came on top.`)
      }
      const at = Math.max(clock.now(), of(pingId).last?.at ?? 0)
      const { ping } = remembering(of(pingId), { ...sent, at, durationMs: null })
      await state.commit([['ping.add', { pingId, ...ping }]])
      take(pingId, ping)
      onPing(pingId)
    },
    open(url) {
      const door = { url }
      if (doors.size === 0) since = clock.now()
      doors.add(door)
      return () => {
        doors.delete(door)
        if (doors.size === 0) since = null
      }
    },
    newest: (pingId, limit) => state.askLong('ping.newest', { pingId, limit }),
    expect(pingIds) {
      expected = pingIds
      for (const pingId of allowances.keys()) if (!pingIds.has(pingId)) allowances.delete(pingId)
    },
    missedUntil(at) {
      if (since !== null) since = Math.max(since, at)
    },
    async recall() {
      for (const { pingId, ...ping } of await state.ask('ping.recent', {})) take(pingId, ping)
      logger.debug('pings are known again', { jobs: memories.size })
    },
  }
}
