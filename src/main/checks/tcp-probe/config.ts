/** What a TCP check can be configured with. The form is drawn from this. */
import { z } from 'zod'
import { Host, Port, parseHost } from '../network/host.ts'
import { Pattern } from '../network/pattern.ts'

export const TcpConfig = z
  .strictObject({
    host: Host.meta({ title: 'Host', description: 'Name or address', placeholder: 'db.example.com' }),
    port: Port.meta({ title: 'Port' }),
    send: z.string().max(10_000).default('').meta({
      title: 'Send',
      description: 'Said first; \\r and \\n are line ends',
      group: 'Conversation',
      multiline: true,
    }),
    expect: z
      .string()
      .max(1000)
      .default('')
      .meta({ title: 'Expect', description: 'The answer must contain this text', group: 'Conversation' }),
    expectPattern: z
      .union([z.literal(''), Pattern])
      .default('')
      .meta({ title: 'Expect a match of', description: 'Regular expression in RE2 syntax', group: 'Conversation' }),
    tls: z.boolean().default(false).meta({ title: 'TLS', description: 'From the first byte on', group: 'TLS' }),
    verifyTls: z.boolean().default(true).meta({ title: 'Verify the certificate', group: 'TLS' }),
    authorities: z
      .string()
      .max(100_000)
      .default('')
      .meta({ title: 'Own authorities', description: 'PEM, trusted in addition', group: 'TLS', multiline: true }),
    ipVersion: z.enum(['any', '4', '6']).default('any').meta({ title: 'IP version', group: 'Connection' }),
  })
  .transform((config) => ({ ...config, host: parseHost(config.host) ?? config.host }))
export type TcpConfig = z.output<typeof TcpConfig>
