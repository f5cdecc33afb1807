import { expect, it } from 'vitest'
import { nearnessOf } from '#main/uplink/nearness.ts'

const v4 = (address: string, cidr: string) => ({
  address,
  cidr,
  netmask: '',
  mac: '',
  internal: false,
  family: 'IPv4' as const,
})
const v6 = (address: string, cidr: string) => ({ ...v4(address, cidr), family: 'IPv6' as const, scopeid: 0 })

const interfaces = {
  lo: [v4('127.0.0.1', '127.0.0.1/8')],
  eth0: [v4('192.0.2.7', '192.0.2.7/24'), v6('2001:db8::7', '2001:db8::7/64')],
  docker0: [v4('172.17.0.1', '172.17.0.1/16')],
}
const known: Readonly<Record<string, string>> = { 'nas.lan': '192.0.2.20', 'far.example': '203.0.113.9' }

it.each([
  ['127.0.0.1', 'own'],
  ['127.8.9.1', 'own'],
  ['::1', 'own'],
  ['0.0.0.0', 'own'],
  ['localhost', 'own'],
  ['App.Localhost.', 'own'],
  ['Desk', 'own'],
  ['192.0.2.7', 'own'],
  ['2001:db8::7', 'own'],
  ['172.17.0.9', 'own'],
  ['192.0.2.8', 'neighbour'],
  ['2001:db8::9', 'neighbour'],
  ['nas.lan', 'neighbour'],
  ['192.0.3.8', 'remote'],
  ['2001:db8:1::9', 'remote'],
  ['far.example', 'remote'],
  ['never-seen.example', 'remote'],
  ['', 'remote'],
] as const)('%s is %s', (host, nearness) => {
  expect(nearnessOf(host, interfaces, 'eth0', 'desk', (name) => known[name] ?? null)).toBe(nearness)
})

it('takes every own network for a neighbour while the gateway is not known', () => {
  expect(nearnessOf('172.17.0.9', interfaces, null, 'desk', () => null)).toBe('neighbour')
})
