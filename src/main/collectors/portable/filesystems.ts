/** File systems as systeminformation tells them. It knows used and available bytes, from which `free` is made. */
import type { Systeminformation } from 'systeminformation'
import type { CollectedSample } from '../kind.ts'

/** Parts of macOS's own volume group, of which `/` tells all there is to say, and mounted images of programs. */
const excludedMountpoints =
  /^\/(dev|System\/Volumes\/(?!Data$)|Volumes\/\.timemachine|private\/var\/(vm|folders))($|\/|.)/

export function filesystemSamples(filesystems: readonly Partial<Systeminformation.FsSizeData>[]): CollectedSample[] {
  return filesystems.flatMap((one) => {
    const { fs, mount, type, size, used, available } = one
    if (!fs || !mount || !isBytes(size) || size === 0 || excludedMountpoints.test(mount)) return []
    const labels = { device: fs, mountpoint: mount, fstype: (type ?? '').toLowerCase() }
    const sample = (name: string, value: number) => ({ name: `node_filesystem_${name}`, labels, value, decimals: 0 })
    return [
      sample('size_bytes', size),
      ...(isBytes(used) ? [sample('free_bytes', Math.max(0, size - used))] : []),
      ...(isBytes(available) ? [sample('avail_bytes', available)] : []),
      ...(typeof one.rw === 'boolean' ? [sample('readonly', one.rw ? 0 : 1)] : []),
    ]
  })
}

function isBytes(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
}
