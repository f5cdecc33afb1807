/**
 * A channel takes one message to one kind of receiver. It decides nothing: who is told, when and whether again is the
 * dispatch's and the outbox's business. Failures are values that say whether trying again can help.
 */

import type { z } from 'zod'
import type { Events } from '#main/events.ts'
import type { Ports } from '#main/ports.ts'
import type { Write } from '#main/store/state-store.ts'
import type { Message } from './message.ts'

export type SendResult =
  /** `answer`: what the other side said, for the delivery log. */
  | { readonly ok: true; readonly answer: string }
  /** `retry` false: the same message will never be taken. `retryAfterMs` null: as the outbox sees fit. */
  | { readonly ok: false; readonly answer: string; readonly retry: boolean; readonly retryAfterMs: number | null }

interface Channel<S extends z.ZodType> {
  readonly kind: string
  readonly title: string
  readonly config: S
  describe(ports: Ports): Promise<{ available: boolean; mechanism: string; problem: string | null }>
}

/** Messages leave Belfry: they may fail, and are tried again. */
export interface SendingChannelKind<S extends z.ZodType = z.ZodType> extends Channel<S> {
  /** Whether a message resent after a crash would not be seen twice. */
  readonly deduplicates: boolean
  /** As many are under way at once. */
  readonly concurrency: number
  /** More than this many messages of one unit of work become one digest; null: never. */
  readonly mostAtOnce: number | null
  send(message: Message, config: z.output<S>, ports: Ports, signal: AbortSignal): Promise<SendResult>
}

/** Messages stay in Belfry: they are rows of the same unit of work as what they speak of, and cannot fail alone. */
export interface StoringChannelKind<S extends z.ZodType = z.ZodType> extends Channel<S> {
  store(message: Message, id: string): { readonly write: Write; readonly announce: (events: Events) => void }
}

export type ChannelKind<S extends z.ZodType = z.ZodType> = SendingChannelKind<S> | StoringChannelKind<S>

export function defineChannelKind<S extends z.ZodType, K extends ChannelKind<S>>(kind: K & { readonly config: S }): K {
  return kind
}
