/** Network counters as systeminformation tells them; packets are not among them. */
import type { Systeminformation } from 'systeminformation'
import type { CollectedSample } from '../kind.ts'

const fields: readonly (readonly [name: string, field: keyof Systeminformation.NetworkStatsData])[] = [
  ['receive_bytes', 'rx_bytes'],
  ['receive_errs', 'rx_errors'],
  ['receive_drop', 'rx_dropped'],
  ['transmit_bytes', 'tx_bytes'],
  ['transmit_errs', 'tx_errors'],
  ['transmit_drop', 'tx_dropped'],
]

export function networkSamples(interfaces: readonly Partial<Systeminformation.NetworkStatsData>[]): CollectedSample[] {
  return interfaces.flatMap((one) =>
    fields.flatMap(([field, key]) => {
      const value = one[key]
      if (!one.iface || typeof value !== 'number' || !Number.isFinite(value) || value < 0) return []
      return [{ name: `node_network_${field}_total`, labels: { device: one.iface }, value, decimals: 0 }]
    }),
  )
}
