import { IcmpConfig } from '../icmp-probe/config.ts'
import { probeIcmp } from '../icmp-probe/probe.ts'
import { defineCheckKind } from '../kind.ts'
import { isAddress, parseHost } from '../network/host.ts'

export const icmp = defineCheckKind({
  kind: 'icmp',
  title: 'Ping',
  description: 'Sends ICMP echo requests with the system’s ping and measures round trips and loss.',
  config: IcmpConfig,
  target: ({ host }) => host,
  guess(text) {
    const asked = /^ping\s+(\S+)$/i.exec(text)?.[1]
    const host = parseHost(asked ?? text)
    return host !== null && (asked !== undefined || isAddress(host)) ? { host } : null
  },
  /** Each is a process. */
  concurrency: 32,
  run: probeIcmp,
})
