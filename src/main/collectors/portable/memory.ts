/** Memory as systeminformation tells it, in Linux's words. */
import type { Systeminformation } from 'systeminformation'
import type { CollectedSample } from '../kind.ts'

const fields: readonly (readonly [name: string, field: keyof Systeminformation.MemData])[] = [
  ['MemTotal', 'total'],
  ['MemFree', 'free'],
  ['MemAvailable', 'available'],
  ['Buffers', 'buffers'],
  ['Cached', 'cached'],
  ['SwapTotal', 'swaptotal'],
  ['SwapFree', 'swapfree'],
]

/** A field that the system does not tell gives no sample. */
export function memorySamples(memory: Partial<Systeminformation.MemData>): CollectedSample[] {
  return fields.flatMap(([name, field]) => {
    const value = memory[field]
    if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) return []
    return [{ name: `node_memory_${name}_bytes`, labels: {}, value, decimals: 0 }]
  })
}
