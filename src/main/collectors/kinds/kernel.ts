import { join } from 'node:path'
import type { CollectedSample, Collector, CollectorKind } from '../kind.ts'
import { kernelNumber } from '../linux/number.ts'
import { parsePressure, pressureResources } from '../linux/pressure.ts'
import { type LinuxRoots, systemRoots } from '../linux/roots.ts'
import { parseSockstat } from '../linux/sockstat.ts'
import { tableCollector } from '../linux/table-collector.ts'

/** What only Linux counts: open files, sockets, and time spent waiting for a resource. */
export const kernel: CollectorKind = {
  kind: 'kernel',
  create: () => (process.platform === 'linux' ? linuxKernel(systemRoots) : null),
}

export function linuxKernel(roots: LinuxRoots): Collector {
  return tableCollector({
    kind: 'kernel',
    title: 'Open files, sockets, pressure',
    tier: 'medium',
    tables: [
      { path: join(roots.proc, 'sys/fs/file-nr'), parse: parseFileNumbers },
      { path: join(roots.proc, 'net/sockstat'), parse: parseSockstat },
      { path: join(roots.proc, 'net/sockstat6'), parse: parseSockstat, isOptional: true },
      ...pressureResources.map((resource) => ({
        path: join(roots.proc, 'pressure', resource),
        parse: (text: string) => parsePressure(resource, text),
        isOptional: true,
      })),
    ],
  })
}

/** Allocated, free (always 0), and the most there may be. */
export function parseFileNumbers(text: string): CollectedSample[] {
  const [allocated, , maximum] = text.trim().split(/\s+/).map(kernelNumber)
  if (allocated == null || maximum == null) return []
  return [
    { name: 'node_filefd_allocated', labels: {}, value: allocated, decimals: 0 },
    { name: 'node_filefd_maximum', labels: {}, value: maximum, decimals: 0 },
  ]
}
