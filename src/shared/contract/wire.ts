/**
 * The frames every transport carries, as JSON text: the in-memory pair, Electron's IPC and the WebSocket. A request is
 * answered by exactly one reply with its id; events are pushed to whoever subscribed to their names.
 */
import { z } from 'zod'
import { errorCodes } from './errors.ts'

/** A frame longer than this is refused and the connection closed. 1 MiB. */
export const maxFrameBytes = 1_048_576

export const ClientFrame = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('call'), id: z.int().nonnegative(), name: z.string().max(100), input: z.json() }),
  z.strictObject({ type: z.literal('cancel'), id: z.int().nonnegative() }),
  /** Replaces the connection's set of event names. */
  z.strictObject({ type: z.literal('subscribe'), events: z.array(z.string().max(100)).max(200) }),
  z.strictObject({ type: z.literal('ping') }),
])
export type ClientFrame = z.infer<typeof ClientFrame>

const Failure = z.strictObject({
  ok: z.literal(false),
  code: z.enum(errorCodes),
  message: z.string(),
  issues: z.array(z.strictObject({ path: z.string(), message: z.string() })),
})
export const Reply = z.discriminatedUnion('ok', [z.strictObject({ ok: z.literal(true), value: z.json() }), Failure])
export type Reply = z.infer<typeof Reply>

export const ServerFrame = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('reply'), id: z.int().nonnegative(), reply: Reply }),
  z.strictObject({ type: z.literal('event'), name: z.string(), payload: z.json() }),
  /** Events were dropped because this subscriber was slow: ask again for what is shown. */
  z.strictObject({ type: z.literal('resync') }),
  /** A frame could not be understood or was refused, and nothing came of it. After `too-large` the connection ends. */
  z.strictObject({ type: z.literal('refused'), code: z.enum(errorCodes), message: z.string() }),
  z.strictObject({ type: z.literal('pong') }),
])
export type ServerFrame = z.infer<typeof ServerFrame>
