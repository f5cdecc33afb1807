import { defineCheckKind } from '../kind.ts'
import { prepareSecureContexts } from '../network/authorities.ts'
import { joinHostPort } from '../network/host.ts'
import { parseServiceUrl } from '../network/service-url.ts'
import { PostgresConfig } from '../postgres-probe/config.ts'
import { probePostgres } from '../postgres-probe/probe.ts'

export const postgres = defineCheckKind({
  kind: 'postgres',
  title: 'PostgreSQL',
  description: 'Logs in, runs a query that only reads, and compares the value and the role of the server.',
  config: PostgresConfig,
  target: ({ host, port, database }) => `${joinHostPort(host, port)}/${database}`,
  host: ({ host }) => host,
  guess(text) {
    const url = parseServiceUrl(text, ['postgres', 'postgresql'])
    if (url === null) return null
    return {
      host: url.host,
      ...(url.port === null ? {} : { port: url.port }),
      ...(url.path === '' ? {} : { database: url.path }),
      ...(url.user === '' ? {} : { username: url.user }),
      ...(url.password === '' ? {} : { password: url.password }),
      ...tlsOf(url.query.get('sslmode')),
    }
  },
  prepare: prepareSecureContexts,
  run: probePostgres,
})

/** libpq's modes. Source: PostgreSQL, "SSL Mode Descriptions". */
function tlsOf(mode: string | null): { tls?: 'off' | 'prefer' | 'require' | 'verify' } {
  if (mode === 'disable') return { tls: 'off' }
  if (mode === 'require') return { tls: 'require' }
  return mode === 'verify-ca' || mode === 'verify-full' ? { tls: 'verify' } : {}
}
