/** A ping as a job sends it, and what is remembered of a job's pings. Pure. */

/** `log` is kept for people and says nothing about the job. */
export type PingKind = 'success' | 'start' | 'fail' | 'log'

export interface Ping {
  /** UTC epoch ms, of its arrival. */
  readonly at: number
  readonly kind: PingKind
  /** Where the job told it: 0..255. */
  readonly exitStatus: number | null
  /** What pairs a start with its end where runs overlap; null where the job sent none. */
  readonly runId: string | null
  /** From the start to this end; null where no start was seen. */
  readonly durationMs: number | null
  readonly method: string
  readonly remoteAddress: string
  readonly userAgent: string
  /** The beginning of what was sent, as text. */
  readonly body: string
}

export interface PingMemory {
  /** The newest success or failure. */
  readonly last: Ping | null
  /** The end before that one. */
  readonly before: Ping | null
  /** The newest start that has no end yet. */
  readonly start: Ping | null
}

export const noPings: PingMemory = { last: null, before: null, start: null }

/** The ping with its duration, and what is remembered after it. */
export function remembering(memory: PingMemory, ping: Ping): { ping: Ping; memory: PingMemory } {
  switch (ping.kind) {
    case 'log':
      return { ping, memory }
    case 'start':
      return { ping, memory: { ...memory, start: ping } }
    case 'success':
    case 'fail': {
      const { start } = memory
      const isItsStart = start !== null && start.runId === ping.runId
      const ended = isItsStart ? { ...ping, durationMs: Math.max(0, ping.at - start.at) } : ping
      const isAnothersStart = start !== null && start.runId !== null && ping.runId !== null && !isItsStart
      return { ping: ended, memory: { last: ended, before: memory.last, start: isAnothersStart ? start : null } }
    }
  }
}
