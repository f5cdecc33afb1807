/** What a TLS check can be configured with. The form is drawn from this. */
import { z } from 'zod'
import { Host, Port, parseHost } from '../network/host.ts'
import { connectionOptions, tlsOptions } from '../network/options.ts'
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
      group: 'TLS',
    }),
    failDays: DaysLeft.default(7).meta({ title: 'Down when it expires within', unit: 'days', group: 'TLS' }),
    minVersion: z.enum(tlsVersions).default('TLSv1.2').meta({
      title: 'Down below',
      description: 'The weakest version of TLS that is all right',
      group: 'TLS',
    }),
    serverName: z
      .union([z.literal(''), Host])
      .default('')
      .meta({
        title: 'Name in the certificate',
        description: 'Where it is another than the host’s; also sent as SNI',
        group: 'TLS',
      }),
    ...tlsOptions,
    ...connectionOptions,
  })
  .transform((config) => ({ ...config, host: parseHost(config.host) ?? config.host }))
export type TlsConfig = z.output<typeof TlsConfig>
