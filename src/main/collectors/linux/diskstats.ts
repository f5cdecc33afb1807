/** /proc/diskstats: what each block device did. Source: kernel Documentation/admin-guide/iostats.rst. */
import type { CollectedSample } from '../kind.ts'
import { kernelNumber } from './number.ts'

/** Memory disks, floppies and partitions: node_exporter's default. */
export const excludedDisks = /^(z?ram|loop|fd|(h|s|v|xv)d[a-z]|nvme\d+n\d+p)\d+$/

const sectorBytes = 512

/** In the order of the columns after the device's name; older kernels end after the 11th or the 15th. */
const columns: readonly (readonly [name: string, factor: number, decimals: number])[] = [
  ['node_disk_reads_completed_total', 1, 0],
  ['node_disk_reads_merged_total', 1, 0],
  ['node_disk_read_bytes_total', sectorBytes, 0],
  ['node_disk_read_time_seconds_total', 0.001, 3],
  ['node_disk_writes_completed_total', 1, 0],
  ['node_disk_writes_merged_total', 1, 0],
  ['node_disk_written_bytes_total', sectorBytes, 0],
  ['node_disk_write_time_seconds_total', 0.001, 3],
  ['node_disk_io_now', 1, 0],
  ['node_disk_io_time_seconds_total', 0.001, 3],
  ['node_disk_io_time_weighted_seconds_total', 0.001, 3],
  ['node_disk_discards_completed_total', 1, 0],
  ['node_disk_discards_merged_total', 1, 0],
  ['node_disk_discarded_sectors_total', 1, 0],
  ['node_disk_discard_time_seconds_total', 0.001, 3],
  ['node_disk_flush_requests_total', 1, 0],
  ['node_disk_flush_requests_time_seconds_total', 0.001, 3],
]

export function parseDiskstats(text: string): CollectedSample[] {
  return text.split('\n').flatMap((line) => {
    const [, , device, ...values] = line.trim().split(/ +/)
    if (device === undefined || excludedDisks.test(device)) return []
    return columns.flatMap(([name, factor, decimals], index) => {
      const value = kernelNumber(values[index])
      return value === null ? [] : [{ name, labels: { device }, value: value * factor, decimals }]
    })
  })
}
