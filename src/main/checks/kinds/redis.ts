import { defineCheckKind } from '../kind.ts'
import { prepareSecureContexts } from '../network/authorities.ts'
import { joinHostPort } from '../network/host.ts'
import { parseServiceUrl } from '../network/service-url.ts'
import { RedisConfig } from '../redis-probe/config.ts'
import { probeRedis } from '../redis-probe/probe.ts'

export const redis = defineCheckKind({
  kind: 'redis',
  title: 'Redis',
  description: 'Authenticates, asks PING, and looks at role, replication and memory.',
  config: RedisConfig,
  target: ({ host, port, database }) => `${joinHostPort(host, port)}${database === 0 ? '' : `/${database}`}`,
  host: ({ host }) => host,
  guess(text) {
    const url = parseServiceUrl(text, ['redis', 'rediss', 'valkey', 'valkeys'])
    if (url === null) return null
    return {
      host: url.host,
      ...(url.port === null ? {} : { port: url.port }),
      ...(url.user === '' ? {} : { username: url.user }),
      ...(url.password === '' ? {} : { password: url.password }),
      ...(/^\d+$/.test(url.path) ? { database: Number(url.path) } : {}),
      ...(['rediss', 'valkeys'].includes(url.scheme) ? { tls: true } : {}),
    }
  },
  prepare: prepareSecureContexts,
  run: probeRedis,
})
