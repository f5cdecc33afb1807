import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { systemErrorCode } from '#main/files/system-error.ts'
import type { CollectorKind } from '../kind.ts'
import { readPowerSupplies } from '../linux/power-supply.ts'
import { systemRoots } from '../linux/roots.ts'
import { batterySamples } from '../portable/battery.ts'
import { portableCollector } from '../portable/portable-collector.ts'

const about = { kind: 'battery', title: 'Battery', tier: 'medium' } as const

export const battery: CollectorKind = {
  kind: about.kind,
  create() {
    if (process.platform !== 'linux') {
      return portableCollector({
        ...about,
        nothing: null,
        read: async (information) => batterySamples(await information.battery()),
      })
    }
    const directory = join(systemRoots.sys, 'class/power_supply')
    if (!hasEntries(directory)) return null
    return { ...about, collect: async () => ({ samples: await readPowerSupplies(directory), problems: [] }) }
  },
}

function hasEntries(directory: string): boolean {
  try {
    return readdirSync(directory).length > 0
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return false
    throw error
  }
}
