/** Disk counters as systeminformation tells them: of all disks together, which the device label `all` says. */
import type { Systeminformation } from 'systeminformation'
import type { CollectedSample } from '../kind.ts'

/** Null where the system does not count. */
export function diskSamples(
  operations: Partial<Systeminformation.DisksIoData> | null,
  bytes: Partial<Systeminformation.FsStatsData> | null,
): CollectedSample[] {
  const values: readonly (readonly [name: string, value: number | null | undefined])[] = [
    ['node_disk_reads_completed_total', operations?.rIO],
    ['node_disk_writes_completed_total', operations?.wIO],
    ['node_disk_read_bytes_total', bytes?.rx],
    ['node_disk_written_bytes_total', bytes?.wx],
  ]
  return values.flatMap(([name, value]) => {
    if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) return []
    return [{ name, labels: { device: 'all' }, value, decimals: 0 }]
  })
}
