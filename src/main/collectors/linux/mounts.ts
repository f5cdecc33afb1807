/** /proc/mounts: which file systems are there, and which of them hold data of somebody. */

export interface Mount {
  readonly device: string
  readonly mountpoint: string
  readonly fstype: string
  readonly isReadOnly: boolean
}

/** Without doubles; what the kernel escaped (blank, tab, line end, backslash) is put back. */
export function parseMounts(text: string): Mount[] {
  const seen = new Set<string>()
  return text.split('\n').flatMap((line) => {
    const [device, mountpoint, fstype, options] = line.split(' ').map(unescaped)
    if (!device || !mountpoint || !fstype || options === undefined) return []
    const key = [device, mountpoint, fstype].join('\0')
    if (seen.has(key)) return []
    seen.add(key)
    return [{ device, mountpoint, fstype, isReadOnly: options.split(',').includes('ro') }]
  })
}

function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
}

/** Source: node_exporter's defaults of --collector.filesystem.mount-points-exclude and fs-types-exclude. */
export const excludedMountpoints =
  /^\/(dev|proc|run\/credentials\/.+|sys|var\/lib\/docker\/.+|var\/lib\/containers\/storage\/.+)($|\/)/
export const excludedTypes =
  /^(autofs|binfmt_misc|bpf|cgroup2?|configfs|debugfs|devpts|devtmpfs|fusectl|hugetlbfs|iso9660|mqueue|nsfs|overlay|proc|procfs|pstore|rpc_pipefs|securityfs|selinuxfs|squashfs|sysfs|tracefs)$/

export function holdsData(mount: Mount): boolean {
  return !excludedMountpoints.test(mount.mountpoint) && !excludedTypes.test(mount.fstype)
}

/** Whether answering about it may need another machine, or a program, and so may never happen. */
export function mayHang(mount: Mount): boolean {
  return /^(nfs\d*|cifs|smb\d*|smbfs|9p|afs|ceph|glusterfs|lustre|beegfs|gpfs|ncpfs|davfs|fuse(\..*)?)$/.test(
    mount.fstype,
  )
}
