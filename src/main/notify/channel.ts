/**
 * A channel takes one message to one kind of receiver. It decides nothing: who is told, when and whether again is the
 * dispatch's and the outbox's business. Failures are values that say whether trying again can help.
 */

import type { z } from 'zod'
import type { Ports } from '#main/ports.ts'
import type { Severity } from '#shared/contract/common.ts'

export interface Message {
  /** Idempotency key: the same for every attempt of one message. */
  readonly key: string
  readonly event: 'fired' | 'resolved' | 'test'
  readonly alertId: string | null
  readonly severity: Severity
  readonly title: string
  readonly body: string
  /** When it happened, however late it is delivered. */
  readonly at: number
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

export type SendResult =
  /** `answer`: what the other side said, for the delivery log. */
  | { readonly ok: true; readonly answer: string }
  /** `retry` false: the same message will never be taken. `retryAfterMs` null: as the outbox sees fit. */
  | { readonly ok: false; readonly answer: string; readonly retry: boolean; readonly retryAfterMs: number | null }

export interface ChannelKind<S extends z.ZodType = z.ZodType> {
  readonly kind: string
  readonly title: string
  readonly config: S
  /** Whether a message resent after a crash would be seen twice. */
  readonly deduplicates: boolean
  describe(ports: Ports): Promise<{ available: boolean; mechanism: string; problem: string | null }>
  send(message: Message, config: z.output<S>, ports: Ports, signal: AbortSignal): Promise<SendResult>
}

export function defineChannelKind<S extends z.ZodType>(kind: ChannelKind<S>): ChannelKind<S> {
  return kind
}
