import { DnsConfig, parseResolver } from '../dns-probe/config.ts'
import { recordTypes } from '../dns-probe/message.ts'
import { probeDns, subjectOf } from '../dns-probe/probe.ts'
import { defineCheckKind } from '../kind.ts'

export const dns = defineCheckKind({
  kind: 'dns',
  title: 'DNS',
  description: 'Asks a name server for records and compares what it answers.',
  config: DnsConfig,
  target: subjectOf,
  host: ({ name, resolver }) => parseResolver(resolver)?.host ?? name,
  /** `dns:name?type=MX` and `dns://server/name`, as RFC 4501 writes them. */
  guess(text) {
    const match = /^dns:(?:\/\/([^/?#]*)\/)?([^/?#;]+)(?:\?(?:.*;)?type=([a-z]+).*)?$/i.exec(text)
    if (match === null) return null
    const [, resolver = '', name = '', asked = 'A'] = match
    const type = Object.keys(recordTypes).find((one) => one === asked.toUpperCase())
    return { name, ...(resolver === '' ? {} : { resolver }), ...(type === undefined ? {} : { type: type as 'A' }) }
  },
  run: probeDns,
})
