/** What a Redis check can be configured with. The form is drawn from this. */
import { z } from 'zod'
import { Host, Port, parseHost } from '../network/host.ts'
import { connectionOptions, tlsOptions } from '../network/options.ts'

/** Where a server is and who asks it. */
export const redisLogin = {
  host: Host.meta({ title: 'Host', description: 'Name or address', placeholder: 'cache.example.com' }),
  port: Port.default(6379).meta({ title: 'Port', essential: true }),
  username: z.string().max(500).default('').meta({ title: 'User name', group: 'Authentication' }),
  password: z.string().max(1000).default('').meta({ title: 'Password', secret: true, group: 'Authentication' }),
  database: z.number().int().min(0).max(100_000).default(0).meta({ title: 'Database', group: 'Authentication' }),
}

/** How the way to it is secured. */
export const redisSecurity = {
  tls: z.boolean().default(false).meta({ title: 'TLS', group: 'TLS' }),
  ...tlsOptions,
  ...connectionOptions,
}

export const RedisConfig = z
  .strictObject({
    ...redisLogin,
    role: z
      .enum(['any', 'master', 'replica'])
      .default('any')
      .meta({ title: 'Expected role', description: 'A replica must also be connected to its master', group: 'Server' }),
    warnLagSeconds: z.number().int().min(1).max(86_400).nullable().default(null).meta({
      title: 'Degraded when the replica is silent for',
      unit: 's',
      group: 'Server',
    }),
    warnMemoryPercent: z.number().min(1).max(100).nullable().default(null).meta({
      title: 'Degraded when more memory is used',
      description: 'Of maxmemory, or of the machine’s where that is not set',
      unit: '%',
      group: 'Server',
    }),
    ...redisSecurity,
  })
  .transform((config) => ({ ...config, host: parseHost(config.host) ?? config.host }))
export type RedisConfig = z.output<typeof RedisConfig>
