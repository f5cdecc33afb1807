/** Batteries as systeminformation tells them. */
import type { Systeminformation } from 'systeminformation'
import type { CollectedSample } from '../kind.ts'

/** Empty where there is none. */
export function batterySamples(battery: Partial<Systeminformation.BatteryData>): CollectedSample[] {
  if (!battery.hasBattery) return []
  const all = [battery, ...(battery.additionalBatteries ?? [])]
  const mains: CollectedSample = {
    name: 'node_power_supply_online',
    labels: { power_supply: 'AC' },
    value: battery.acConnected ? 1 : 0,
    decimals: 0,
  }
  return [mains, ...all.flatMap((one, index) => samplesOf(one, `BAT${index}`))]
}

function samplesOf(battery: Partial<Systeminformation.BatteryData>, supply: string): CollectedSample[] {
  const perThousand = battery.capacityUnit === 'mWh' ? 1000 : null
  const values: readonly (readonly [name: string, value: number | null | undefined, decimals: number])[] = [
    ['capacity', battery.percent, 0],
    ['cyclecount', battery.cycleCount, 0],
    ['energy_watthour', scaled(battery.currentCapacity, perThousand), 3],
    ['energy_full', scaled(battery.maxCapacity, perThousand), 3],
    ['energy_full_design', scaled(battery.designedCapacity, perThousand), 3],
    ['voltage_volt', battery.voltage, 3],
  ]
  return values.flatMap(([name, value, decimals]) => {
    if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) return []
    return [{ name: `node_power_supply_${name}`, labels: { power_supply: supply }, value, decimals }]
  })
}

function scaled(value: number | undefined, divisor: number | null): number | null {
  return value === undefined || divisor === null || value === 0 ? null : value / divisor
}
