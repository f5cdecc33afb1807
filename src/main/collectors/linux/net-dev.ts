/** /proc/net/dev: what each network interface received and sent since it came up. */
import type { CollectedSample } from '../kind.ts'
import { kernelNumber } from './number.ts'

/** Name in the metric and column; the table's other columns are seldom more than zeros. */
const columns: readonly (readonly [field: string, column: number])[] = [
  ['receive_bytes', 0],
  ['receive_packets', 1],
  ['receive_errs', 2],
  ['receive_drop', 3],
  ['transmit_bytes', 8],
  ['transmit_packets', 9],
  ['transmit_errs', 10],
  ['transmit_drop', 11],
]

export function parseNetDev(text: string): CollectedSample[] {
  return text.split('\n').flatMap((line) => {
    // An alias such as eth0:1 has a colon in its name: the last one before the numbers ends it.
    const [, device, rest] = /^ *(\S+): *([\d ]+)$/.exec(line) ?? []
    if (device === undefined || rest === undefined) return []
    const values = rest.trim().split(/ +/)
    return columns.flatMap(([field, column]) => {
      const value = kernelNumber(values[column])
      return value === null ? [] : [{ name: `node_network_${field}_total`, labels: { device }, value, decimals: 0 }]
    })
  })
}
