/** Processor temperatures as systeminformation tells them: the chip is called `cpu`, for no more is known. */
import type { Systeminformation } from 'systeminformation'
import type { CollectedSample } from '../kind.ts'

/** Empty where the system shows no sensor (Windows without rights, most virtual machines). */
export function temperatureSamples(found: Partial<Systeminformation.CpuTemperatureData>): CollectedSample[] {
  const cores = (found.cores ?? []).map((value, index) => [`core${index}`, value] as const)
  return [['main', found.main] as const, ...cores].flatMap(([sensor, value]) => {
    if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0) return []
    return [{ name: 'node_hwmon_temp_celsius', labels: { chip: 'cpu', sensor }, value, decimals: 1 }]
  })
}
