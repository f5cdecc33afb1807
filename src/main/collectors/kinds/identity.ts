import { readFileSync } from 'node:fs'
import { hostname, machine, release, type, uptime, version } from 'node:os'
import { join } from 'node:path'
import { systemErrorText } from '#main/files/system-error.ts'
import type { CollectedSample, Collector, CollectorKind } from '../kind.ts'
import { parseOsRelease } from '../linux/os-release.ts'
import { type LinuxRoots, systemRoots } from '../linux/roots.ts'

const about = { kind: 'identity', title: 'System', tier: 'slow' } as const

/** Who this machine is, as series whose labels say it. */
export const identity: CollectorKind = {
  kind: about.kind,
  create: ({ clock }) =>
    process.platform === 'linux'
      ? linuxIdentity(systemRoots)
      : { ...about, collect: async () => ({ samples: portableIdentity(clock.now()), problems: [] }) },
}

export function linuxIdentity(roots: LinuxRoots): Collector {
  return {
    ...about,
    async collect() {
      const problems: string[] = []
      const read = (path: string) => {
        try {
          return readFileSync(path, 'utf8').trim()
        } catch (error) {
          problems.push(`${path}: ${systemErrorText(error)}`)
          return ''
        }
      }
      const kernel = (name: string) => read(join(roots.proc, 'sys/kernel', name))
      const uname = {
        domainname: kernel('domainname'),
        machine: machine(),
        nodename: kernel('hostname'),
        release: kernel('osrelease'),
        sysname: kernel('ostype'),
        version: kernel('version'),
      }
      const release = parseOsRelease(read(join(roots.etc, 'os-release')))
      return { samples: [info('node_uname_info', uname), info('node_os_info', osLabels(release))], problems }
    },
  }
}

function osLabels(release: Readonly<Record<string, string>>): Record<string, string> {
  const fields = ['BUILD_ID', 'ID', 'ID_LIKE', 'IMAGE_ID', 'IMAGE_VERSION', 'NAME', 'PRETTY_NAME']
  const more = ['VARIANT', 'VARIANT_ID', 'VERSION', 'VERSION_CODENAME', 'VERSION_ID']
  return Object.fromEntries([...fields, ...more].map((field) => [field.toLowerCase(), release[field] ?? '']))
}

function portableIdentity(now: number): CollectedSample[] {
  const labels = {
    domainname: '',
    machine: machine(),
    nodename: hostname(),
    release: release(),
    sysname: type(),
    version: version(),
  }
  const bootSeconds = Math.round(now / 1000 - uptime())
  return [
    info('node_uname_info', labels),
    { name: 'node_boot_time_seconds', labels: {}, value: bootSeconds, decimals: 0 },
  ]
}

function info(name: string, labels: Readonly<Record<string, string>>): CollectedSample {
  return { name, labels, value: 1, decimals: 0 }
}
