import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { CollectorKind } from '../kind.ts'
import { readTemperatures } from '../linux/hwmon.ts'
import { systemRoots } from '../linux/roots.ts'
import { portableCollector } from '../portable/portable-collector.ts'
import { temperatureSamples } from '../portable/temperatures.ts'

const about = { kind: 'temperatures', title: 'Temperatures', tier: 'medium' } as const

export const temperatures: CollectorKind = {
  kind: about.kind,
  create() {
    if (process.platform !== 'linux') {
      return portableCollector({
        ...about,
        nothing: null,
        read: async (information) => temperatureSamples(await information.cpuTemperature()),
      })
    }
    const directory = join(systemRoots.sys, 'class/hwmon')
    // A virtual machine has no sensors at all.
    return existsSync(directory) ? { ...about, collect: () => readTemperatures(directory) } : null
  },
}
