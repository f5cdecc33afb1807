/**
 * The default gateway, as the system's own tables tell it. On Linux two files of /proc are read; elsewhere the output of
 * the system's command is parsed, by marks that no translation changes.
 */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

export interface Gateway {
  readonly address: string
  /** The interface it is reached through; null where the system does not say. */
  readonly device: string | null
}

export interface RouteSources {
  readonly platform: NodeJS.Platform
  /** Reads a file of /proc. */
  read(path: string): Promise<string>
  /** What a command prints; an argument list, never a shell. */
  run(file: string, args: readonly string[], signal: AbortSignal): Promise<string>
}

export const systemRoutes: RouteSources = {
  platform: process.platform,
  read: (path) => readFile(path, 'utf8'),
  async run(file, args, signal) {
    const { stdout } = await promisify(execFile)(file, [...args], { signal, windowsHide: true, maxBuffer: 2 ** 20 })
    return stdout
  },
}

/** Null when there is no default route. Rejects when the system's tables cannot be read. */
export async function defaultGateway(sources: RouteSources, signal: AbortSignal): Promise<Gateway | null> {
  switch (sources.platform) {
    case 'linux':
    case 'android':
      return (
        linuxGateway(await sources.read('/proc/net/route')) ??
        linuxGateway6(await sources.read('/proc/net/ipv6_route').catch(noSuchFamily))
      )
    case 'win32':
      return windowsGateway(await sources.run('route', ['print', '0.0.0.0'], signal))
    default:
      return bsdGateway(await sources.run('netstat', ['-rn'], signal))
  }
}

/** A kernel without IPv6 has no such file. */
function noSuchFamily(error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT') return ''
  throw error
}

const upAndGateway = 0x3

/** /proc/net/route: addresses are hexadecimal in the byte order of the machine, which is little endian wherever we run. */
export function linuxGateway(table: string): Gateway | null {
  const routes = table.split('\n').flatMap((line) => {
    const [device = '', destination = '', gateway = '', flags = '', , , metric = ''] = line.trim().split(/\s+/)
    const isDefault = destination === '00000000' && (Number.parseInt(flags, 16) & upAndGateway) === upAndGateway
    if (!isDefault || !/^[0-9A-F]{8}$/i.test(gateway)) return []
    const bytes = gateway.match(/../g) ?? []
    const address = bytes.reverse().map((byte) => Number.parseInt(byte, 16))
    return [{ address: address.join('.'), device, metric: Number(metric) }]
  })
  return leastMetric(routes)
}

/** /proc/net/ipv6_route: all hexadecimal, in the order of the address. */
export function linuxGateway6(table: string): Gateway | null {
  const routes = table.split('\n').flatMap((line) => {
    const [destination = '', length = '', , , gateway = '', metric = '', , , flags = '', device = ''] = line
      .trim()
      .split(/\s+/)
    const isDefault = /^0{32}$/.test(destination) && length === '00'
    if (!isDefault || (Number.parseInt(flags, 16) & upAndGateway) !== upAndGateway) return []
    if (!/^[0-9a-f]{32}$/i.test(gateway)) return []
    const groups = (gateway.match(/..../g) ?? []).map((group) => group.replace(/^0{1,3}/, ''))
    const address = groups.join(':')
    // A link-local address means nothing without the interface it is on.
    const zone = address.startsWith('fe8') ? `%${device}` : ''
    return [{ address: `${address}${zone}`, device, metric: Number.parseInt(metric, 16) }]
  })
  return leastMetric(routes)
}

function leastMetric(routes: readonly (Gateway & { readonly metric: number })[]): Gateway | null {
  const [best] = [...routes].sort((a, b) => a.metric - b.metric)
  return best === undefined ? null : { address: best.address, device: best.device }
}

/** `netstat -rn` of macOS and the BSDs: `default  192.168.1.1  UGScg  en0`. */
export function bsdGateway(output: string): Gateway | null {
  for (const line of output.split('\n')) {
    const [destination, gateway = '', flags = '', ...rest] = line.trim().split(/\s+/)
    if (destination !== 'default' || !flags.includes('G') || !/^[0-9a-f.:]+(%\w+)?$/i.test(gateway)) continue
    return { address: gateway, device: rest.find((word) => /^[a-z]+\d+$/i.test(word)) ?? null }
  }
  return null
}

/** `route print 0.0.0.0` of Windows: `0.0.0.0  0.0.0.0  192.168.1.1  192.168.1.23  25`. */
export function windowsGateway(output: string): Gateway | null {
  const found = /^\s*0\.0\.0\.0\s+0\.0\.0\.0\s+(\d+\.\d+\.\d+\.\d+)\s+\d+\.\d+\.\d+\.\d+/m.exec(output)?.[1]
  return found === undefined ? null : { address: found, device: null }
}
