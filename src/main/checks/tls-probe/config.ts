/** What a TLS check can be configured with. The form is drawn from this. */
import { z } from 'zod'
import { Host, Port, parseHost } from '../network/host.ts'
import { startTlsProtocols } from '../network/start-tls.ts'

/** Weakest first. */
export const tlsVersions = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const

const DaysLeft = z.number().int().min(0).max(3650).nullable()

export const TlsConfig = z
  .strictObject({
    host: Host.meta({ title: 'Host', description: 'Name or address', placeholder: 'mail.example.com' }),
    port: Port.default(443).meta({ title: 'Port', essential: true }),
    startTls: z
      .enum(['none', ...startTlsProtocols])
      .default('none')
      .meta({ title: 'STARTTLS', description: 'For ports where TLS is asked for in plain text', group: 'Connection' }),
    warnDays: DaysLeft.default(30).meta({
      title: 'Degraded when it expires within',
      unit: 'days',
      group: 'Certificate',
    }),
    failDays: DaysLeft.default(7).meta({ title: 'Down when it expires within', unit: 'days', group: 'Certificate' }),
    minVersion: z.enum(tlsVersions).default('TLSv1.2').meta({
      title: 'Down below',
      description: 'The weakest version of TLS that is all right',
      group: 'Protocol',
    }),
    serverName: z
      .union([z.literal(''), Host])
      .default('')
      .meta({
        title: 'Name in the certificate',
        description: 'Where it is another than the host’s; also sent as SNI',
        group: 'Certificate',
      }),
    verifyTls: z.boolean().default(true).meta({ title: 'Verify the certificate', group: 'Certificate' }),
    authorities: z.string().max(100_000).default('').meta({
      title: 'Own authorities',
      description: 'PEM, trusted in addition',
      group: 'Certificate',
      multiline: true,
    }),
    ipVersion: z.enum(['any', '4', '6']).default('any').meta({ title: 'IP version', group: 'Connection' }),
  })
  .transform((config) => ({ ...config, host: parseHost(config.host) ?? config.host }))
export type TlsConfig = z.output<typeof TlsConfig>
