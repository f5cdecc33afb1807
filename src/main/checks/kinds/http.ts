import { HttpConfig } from '../http-probe/config.ts'
import { probeHttp } from '../http-probe/probe.ts'
import { defineCheckKind } from '../kind.ts'
import { prepareSecureContexts } from '../network/authorities.ts'
import { isAddress, parseHost, parseHostPort } from '../network/host.ts'

export const http = defineCheckKind({
  kind: 'http',
  title: 'HTTP(S)',
  description: 'Requests a URL and looks at status, headers, body, JSON, certificate and speed.',
  config: HttpConfig,
  /** Without the query's values, which may be credentials. */
  target({ url: address }) {
    const url = new URL(address)
    return `${url.origin}${url.pathname === '/' ? '' : url.pathname}${url.search === '' ? '' : '?…'}`
  },
  guess(text) {
    if (/^https?:\/\//i.test(text)) return { url: text }
    const [authority = ''] = text.split(/[/?#]/, 1)
    const address = parseHostPort(authority)
    const host = address?.host ?? parseHost(authority)
    if (host === null) return null
    const isPath = authority !== text
    if (address === null)
      return isAddress(host) && !isPath ? null : { url: `${isLocal(host) ? 'http' : 'https'}://${text}` }
    if (address.port === 443) return { url: `https://${text}` }
    return address.port === 80 || isPath ? { url: `http://${text}` } : null
  },
  prepare: prepareSecureContexts,
  run: probeHttp,
})

/** Names that hardly ever have a certificate. */
function isLocal(host: string): boolean {
  return host === 'localhost' || isAddress(host) || !host.includes('.')
}
