import type { CollectorKind } from '../kind.ts'
import { createFilesystemReader } from '../linux/filesystems.ts'
import { systemRoots } from '../linux/roots.ts'
import { filesystemSamples } from '../portable/filesystems.ts'
import { portableCollector } from '../portable/portable-collector.ts'

const about = { kind: 'filesystems', title: 'File systems', tier: 'medium' } as const

export const filesystems: CollectorKind = {
  kind: about.kind,
  create: ({ clock }) =>
    process.platform === 'linux'
      ? { ...about, collect: createFilesystemReader(clock, systemRoots) }
      : portableCollector({
          ...about,
          nothing: 'the system does not tell its file systems',
          read: async (information) => filesystemSamples(await information.fsSize()),
        }),
}
