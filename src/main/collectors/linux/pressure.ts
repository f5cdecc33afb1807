/** /proc/pressure/*: time in which tasks waited for a resource. Source: kernel Documentation/accounting/psi.rst. */
import type { CollectedSample } from '../kind.ts'

export type PressureResource = 'cpu' | 'io' | 'memory'
export const pressureResources: readonly PressureResource[] = ['cpu', 'io', 'memory']

/** `some`: at least one task waited; `full`: all did, which is not told for the processor as a whole. */
export function parsePressure(resource: PressureResource, text: string): CollectedSample[] {
  const totals = [...text.matchAll(/^(some|full) .*total=(\d+)$/gm)]
  return totals.flatMap(([, kind, total]) => {
    if (resource === 'cpu' && kind === 'full') return []
    const state = kind === 'some' ? 'waiting' : 'stalled'
    const value = Number(total) / 1_000_000
    return [{ name: `node_pressure_${resource}_${state}_seconds_total`, labels: {}, value, decimals: 3 }]
  })
}
