/** What a PostgreSQL check can be configured with. The form is drawn from this. */
import { z } from 'zod'
import { Host, Port, parseHost } from '../network/host.ts'
import { connectionOptions, tlsOptions } from '../network/options.ts'
import { Pattern } from '../network/pattern.ts'

/** Where a server is and who asks it. */
export const postgresLogin = {
  host: Host.meta({ title: 'Host', description: 'Name or address', placeholder: 'db.example.com' }),
  port: Port.default(5432).meta({ title: 'Port', essential: true }),
  database: z.string().trim().min(1).max(63).default('postgres').meta({ title: 'Database', essential: true }),
  username: z.string().trim().min(1).max(63).default('postgres').meta({ title: 'User name', essential: true }),
  password: z.string().max(1000).default('').meta({ title: 'Password', secret: true, essential: true }),
}

/** How the way to it is secured. */
export const postgresSecurity = {
  tls: z
    .enum(['off', 'prefer', 'require', 'verify'])
    .default('prefer')
    .meta({
      title: 'TLS',
      choiceTitles: {
        off: 'off',
        prefer: 'where the server has it',
        require: 'always, whoever the server is',
        verify: 'always, with a certificate to trust',
      },
      group: 'TLS',
    }),
  authorities: tlsOptions.authorities,
  ...connectionOptions,
}

export const PostgresConfig = z
  .strictObject({
    ...postgresLogin,
    query: z.string().trim().min(1).max(10_000).default('SELECT 1').meta({
      title: 'Query',
      description: 'One statement, run read-only; the first value of its first row counts',
      group: 'Query',
      multiline: true,
    }),
    expected: z
      .string()
      .max(1000)
      .default('')
      .meta({ title: 'Expected value', description: 'As text; empty: any', group: 'Query' }),
    expectedPattern: z
      .union([z.literal(''), Pattern])
      .default('')
      .meta({ title: 'Expect a match of', description: 'Regular expression in RE2 syntax', group: 'Query' }),
    role: z
      .enum(['any', 'primary', 'replica'])
      .default('any')
      .meta({ title: 'Expected role', description: 'A primary takes writes', group: 'Server' }),
    ...postgresSecurity,
  })
  .transform((config) => ({ ...config, host: parseHost(config.host) ?? config.host }))
export type PostgresConfig = z.output<typeof PostgresConfig>
