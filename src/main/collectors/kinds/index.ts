/** Every kind of collector of this machine, in the order in which they are shown. */
import type { CollectorKind } from '../kind.ts'
import { battery } from './battery.ts'
import { cpu } from './cpu.ts'
import { disks } from './disks.ts'
import { filesystems } from './filesystems.ts'
import { identity } from './identity.ts'
import { kernel } from './kernel.ts'
import { load } from './load.ts'
import { memory } from './memory.ts'
import { network } from './network.ts'
import { temperatures } from './temperatures.ts'

export const collectorKinds: readonly CollectorKind[] = [
  cpu,
  load,
  memory,
  network,
  disks,
  filesystems,
  kernel,
  temperatures,
  battery,
  identity,
]
