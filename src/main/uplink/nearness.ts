/**
 * How near a target is: on this machine, in the network of the gateway, or beyond. What is on this machine answers
 * whatever becomes of the link; a neighbour does as long as the gateway answers; the rest goes through the link.
 */
import { BlockList, isIP, isIPv6 } from 'node:net'
import type { NetworkInterfaceInfo } from 'node:os'

export type Nearness = 'own' | 'neighbour' | 'remote'

/** As `os.networkInterfaces()` gives them. */
export type Interfaces = Readonly<Record<string, readonly NetworkInterfaceInfo[] | undefined>>

/**
 * `host`: an address or a name. Names other than localhost and the machine's own are remote until an address is known
 * for them (`addressOf`). A network of an interface that is not the gateway's (containers, virtual machines) is on this
 * machine.
 */
export function nearnessOf(
  host: string,
  interfaces: Interfaces,
  gatewayDevice: string | null,
  hostname: string,
  addressOf: (name: string) => string | null,
): Nearness {
  const name = host.toLowerCase().replace(/\.$/, '')
  if (name === 'localhost' || name.endsWith('.localhost') || name === hostname.toLowerCase()) return 'own'
  const address = isIP(host) === 0 ? addressOf(name) : host
  if (address === null || isIP(address) === 0) return 'remote'
  if (isLoopback(address)) return 'own'
  const family = isIPv6(address) ? 'ipv6' : 'ipv4'
  let nearness: Nearness = 'remote'
  for (const [device, infos = []] of Object.entries(interfaces)) {
    for (const info of infos) {
      if (info.address === address) return 'own'
      if (info.cidr === null || info.family.toLowerCase() !== family || !isWithin(address, info.cidr, family)) continue
      nearness = gatewayDevice === null || device === gatewayDevice ? 'neighbour' : 'own'
    }
  }
  return nearness
}

function isLoopback(address: string): boolean {
  return loopback.check(address, isIPv6(address) ? 'ipv6' : 'ipv4') || address === '0.0.0.0' || address === '::'
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')

function isWithin(address: string, cidr: string, family: 'ipv4' | 'ipv6'): boolean {
  const [network = '', length = ''] = cidr.split('/')
  const list = new BlockList()
  list.addSubnet(network, Number(length), family)
  return list.check(address, family)
}
