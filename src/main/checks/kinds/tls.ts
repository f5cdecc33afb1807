import { defineCheckKind } from '../kind.ts'
import { prepareSecureContexts } from '../network/authorities.ts'
import { joinHostPort, parseHost, parseHostPort } from '../network/host.ts'
import { TlsConfig } from '../tls-probe/config.ts'
import { probeTls } from '../tls-probe/probe.ts'

export const tls = defineCheckKind({
  kind: 'tls',
  title: 'TLS certificate',
  description: 'Shakes hands on any TLS port, also after STARTTLS, and judges certificate, chain, name and protocol.',
  config: TlsConfig,
  target: ({ host, port }) => joinHostPort(host, port),
  guess(text) {
    const address = /^tls:(?:\/\/)?([^/?#]+)\/?$/i.exec(text)?.[1]
    if (address === undefined) return null
    const host = parseHost(address)
    return host === null ? parseHostPort(address) : { host }
  },
  prepare: prepareSecureContexts,
  run: probeTls,
})
