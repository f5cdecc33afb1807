/**
 * All that Belfry needs from the outside world, as interfaces. Services receive these and nothing else, so a test can
 * hand them a fake clock; the real ones live in adapters/ and are chosen in compose.ts and the two hosts.
 */
import type { Dispatcher } from 'undici'

/** Instants are UTC epoch milliseconds; monotonic time has an arbitrary origin, never goes back and is for durations. */
export interface Clock {
  now(): number
  /** Milliseconds with a fraction. */
  monotonicMs(): number
  /** Since the machine was started, its sleep included; absent where nobody can tell. */
  uptimeMs?(): number
  /** How far this clock is ahead of the system's, which was set back; absent: it follows the system's at once. */
  aheadMs?(): number
  /** History goes on to this instant: what is now may not lie before it, if that is less than a day away. */
  notBefore?(at: number): void
}

/** Returns what stops the timer. A callback is never run before its time and never twice for one `after`. */
export interface Timers {
  after(delayMs: number, run: () => void): () => void
  every(intervalMs: number, run: () => void): () => void
}

/** Unique, unguessable and ordered by creation time (UUID version 7). */
export interface Ids {
  next(): string
}

/** Uniform in [0, 1): for jitter and spread, never for secrets. */
export interface Random {
  next(): number
}

/** Plain requests to services of our own choosing (channels); probes have phases to measure and use undici themselves. */
export interface Http {
  request(
    url: string,
    options: {
      method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
      headers?: Record<string, string>
      body?: string
      /** Covers the whole exchange, body included. */
      timeoutMs: number
      maxBodyBytes: number
      signal?: AbortSignal
      dispatcher?: Dispatcher
    },
  ): Promise<{ status: number; headers: Record<string, string>; body: string }>
}

export interface DesktopNotification {
  readonly title: string
  readonly body: string
  readonly severity: 'info' | 'warning' | 'error' | 'critical'
  /** Where a click leads: a deep link such as `belfry://alert/<id>`. */
  readonly link?: string
  readonly silent: boolean
}

/** The operator's desktop. `notify` resolves once the desktop took the notification and rejects with the reason if not. */
export interface Desktop {
  notify(notification: DesktopNotification): Promise<void>
  /** Which mechanism is used, or why none is there: shown in Settings. */
  describe(): Promise<{ available: boolean; mechanism: string; reason?: string }>
}

/** What the machine says of its own sleep; without it sleep shows only by the clock. */
export interface Power {
  /** Called right before the machine sleeps and right after it wakes. Returns what ends it. */
  onChange(listener: (change: 'sleeping' | 'awake') => void): () => void
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'
export type LogFields = Readonly<Record<string, unknown>>

/** Belfry's own log: structured, one JSON object a line. A field named `error` is written with its stack and cause. */
export interface Logger {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
  /** A logger that adds these fields to each line. */
  child(fields: LogFields): Logger
}

/** Values that may never be shown again once stored. */
export interface Secrets {
  get(name: string): Promise<string | undefined>
  set(name: string, value: string): Promise<void>
  remove(name: string): Promise<void>
  names(): Promise<readonly string[]>
  /** How they are kept; `trouble`: why not as safely as they could be, null when they are. */
  describe(): { readonly mechanism: string; readonly trouble: string | null }
}

export interface Ports {
  readonly clock: Clock
  readonly timers: Timers
  readonly ids: Ids
  readonly random: Random
  readonly http: Http
  readonly desktop: Desktop
  readonly logger: Logger
  readonly secrets: Secrets
  /** Absent where nobody says so. */
  readonly power?: Power
}
