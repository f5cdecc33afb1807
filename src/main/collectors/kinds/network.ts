import { join } from 'node:path'
import type { CollectorKind } from '../kind.ts'
import { parseNetDev } from '../linux/net-dev.ts'
import { type LinuxRoots, systemRoots } from '../linux/roots.ts'
import { tableCollector } from '../linux/table-collector.ts'
import { networkSamples } from '../portable/network.ts'
import { portableCollector } from '../portable/portable-collector.ts'

const about = { kind: 'network', title: 'Network' } as const

export const network: CollectorKind = {
  kind: about.kind,
  create: () => (process.platform === 'linux' ? linuxNetwork(systemRoots) : portableNetwork()),
}

export function linuxNetwork(roots: LinuxRoots) {
  return tableCollector({
    ...about,
    tier: 'fast',
    tables: [{ path: join(roots.proc, 'net/dev'), parse: parseNetDev }],
  })
}

function portableNetwork() {
  return portableCollector({
    ...about,
    tier: 'medium', // A child process for each interface.
    nothing: 'the system does not tell its network counters',
    read: async (information) => networkSamples(await information.networkStats('*')),
  })
}
