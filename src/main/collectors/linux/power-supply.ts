/** /sys/class/power_supply: batteries and mains. Asking a battery may take its controller long: never on the main loop. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { CollectedSample } from '../kind.ts'
import { kernelNumber } from './number.ts'

/** File, metric, divisor (the kernel counts in millionths), decimals. */
const attributes: readonly (readonly [file: string, name: string, divisor: number, decimals: number])[] = [
  ['capacity', 'capacity', 1, 0],
  ['online', 'online', 1, 0],
  ['present', 'present', 1, 0],
  ['cycle_count', 'cyclecount', 1, 0],
  ['energy_now', 'energy_watthour', 1e6, 3],
  ['energy_full', 'energy_full', 1e6, 3],
  ['energy_full_design', 'energy_full_design', 1e6, 3],
  ['charge_now', 'charge_ampere', 1e6, 3],
  ['charge_full', 'charge_full', 1e6, 3],
  ['charge_full_design', 'charge_full_design', 1e6, 3],
  ['power_now', 'power_watt', 1e6, 3],
  ['current_now', 'current_ampere', 1e6, 3],
  ['voltage_now', 'voltage_volt', 1e6, 3],
]

export async function readPowerSupplies(directory: string): Promise<CollectedSample[]> {
  const samples: CollectedSample[] = []
  for (const supply of (await readdir(directory)).sort()) {
    for (const [file, name, divisor, decimals] of attributes) {
      // A supply has only some of these; one it cannot tell just now is an input/output error, and left out as well.
      const text = await readFile(join(directory, supply, file), 'utf8').catch(() => '')
      const value = kernelNumber(text.trim())
      if (value === null) continue
      const labels = { power_supply: supply }
      samples.push({ name: `node_power_supply_${name}`, labels, value: value / divisor, decimals })
    }
  }
  return samples
}
