/** /proc/meminfo: every line becomes `node_memory_<Field>`, in bytes where the kernel names a unit. */
import type { CollectedSample } from '../kind.ts'

const line = /^([\w()]+): +(\d+)( kB)?$/

export function parseMeminfo(text: string): CollectedSample[] {
  return text.split('\n').flatMap((row) => {
    const [, field, digits, unit] = line.exec(row) ?? []
    if (field === undefined) return []
    const name = `node_memory_${field.replace(/\((.*)\)/, '_$1')}`
    const value = Number(digits)
    return [
      unit === undefined
        ? { name, labels: {}, value, decimals: 0 }
        : { name: `${name}_bytes`, labels: {}, value: value * 1024, decimals: 0 },
    ]
  })
}
