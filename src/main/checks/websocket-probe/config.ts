/** What a WebSocket check can be configured with. The form is drawn from this. */
import { z } from 'zod'
import { connectionOptions, tlsOptions } from '../network/options.ts'
import { Pattern } from '../network/pattern.ts'

const Address = z
  .string()
  .trim()
  .min(1, 'expected a URL such as wss://example.com/live')
  .max(2000)
  .superRefine((text, context) => {
    const message = addressProblem(text)
    if (message !== null) context.addIssue({ code: 'custom', message })
  })

function addressProblem(text: string): string | null {
  if (!URL.canParse(text)) return `expected a URL such as wss://example.com/live, got "${text.slice(0, 100)}"`
  const url = new URL(text)
  if (url.protocol !== 'ws:' && url.protocol !== 'wss:') {
    return `expected a URL that begins with ws:// or wss://, got "${url.protocol}"`
  }
  return url.username === '' && url.password === ''
    ? null
    : 'expected a URL without user name and password; put them under Authentication'
}

/** What the handshake itself says; another value would break it. */
const ownHeaders = new Set(['host', 'connection', 'upgrade', 'authorization'])

const Headers = z
  .record(
    z
      .string()
      .max(200)
      .regex(/^[!#$%&'*+.^_`|~0-9a-z-]+$/i, 'expected a header name such as Origin')
      .refine((name) => !ownHeaders.has(name.toLowerCase()) && !/^sec-websocket-/i.test(name), {
        message: 'expected a header that the handshake does not set itself',
      }),
    z
      .string()
      .max(8000)
      .regex(/^[\t\x20-\x7e]*$/, 'expected one line of plain characters'),
  )
  .default({})

export const WebSocketConfig = z.strictObject({
  url: Address.meta({ title: 'URL', description: 'ws:// or wss://', placeholder: 'wss://example.com/live' }),
  subprotocols: z
    .array(
      z
        .string()
        .max(100)
        .regex(/^[!#$%&'*+.^_`|~0-9a-z-]+$/i, 'expected a name without spaces'),
    )
    .max(10)
    .default([])
    .refine((names) => new Set(names).size === names.length, { message: 'expected each name once' })
    .meta({ title: 'Subprotocols', description: 'The server must choose one of them', group: 'Handshake' }),
  headers: Headers.meta({ title: 'Headers', group: 'Handshake' }),
  username: z
    .string()
    .max(500)
    .regex(/^[^:]*$/, 'expected a name without a colon')
    .default('')
    .meta({ title: 'User name', group: 'Authentication' }),
  password: z.string().max(500).default('').meta({ title: 'Password', secret: true, group: 'Authentication' }),
  token: z
    .string()
    .max(4000)
    .regex(/^[\x21-\x7e]*$/, 'expected a token without spaces')
    .default('')
    .meta({ title: 'Bearer token', description: 'Instead of a user name', secret: true, group: 'Authentication' }),
  send: z
    .string()
    .max(10_000)
    .default('')
    .meta({ title: 'Send', description: 'As one text message', group: 'Conversation', multiline: true }),
  expect: z
    .string()
    .max(1000)
    .default('')
    .meta({ title: 'Expect', description: 'A message must contain this text', group: 'Conversation' }),
  expectPattern: z
    .union([z.literal(''), Pattern])
    .default('')
    .meta({ title: 'Expect a match of', description: 'Regular expression in RE2 syntax', group: 'Conversation' }),
  ping: z
    .boolean()
    .default(true)
    .meta({ title: 'Ping', description: 'Measures a round trip through the open connection', group: 'Conversation' }),
  ...tlsOptions,
  ...connectionOptions,
})
export type WebSocketConfig = z.output<typeof WebSocketConfig>
