/** /proc/loadavg: runnable and waiting tasks, averaged over 1, 5 and 15 minutes. */
import type { CollectedSample } from '../kind.ts'
import { kernelNumber } from './number.ts'

export function parseLoadavg(text: string): CollectedSample[] {
  const columns = text.split(/\s+/)
  return ['node_load1', 'node_load5', 'node_load15'].flatMap((name, index) => {
    const value = kernelNumber(columns[index])
    return value === null ? [] : [{ name, labels: {}, value, decimals: 2 }]
  })
}
