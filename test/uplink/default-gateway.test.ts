import { describe, expect, it } from 'vitest'
import {
  bsdGateway,
  defaultGateway,
  linuxGateway,
  linuxGateway6,
  windowsGateway,
} from '#main/uplink/default-gateway.ts'

const header = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT'

describe('the default gateway', () => {
  it('is read from /proc/net/route, the cheapest of several', () => {
    const table = [
      header,
      'wlan0\t00000000\t0101A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0',
      'eth0\t00000000\t010200C0\t0003\t0\t0\t100\t00000000\t0\t0\t0',
      'eth0\t000200C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0',
    ].join('\n')
    expect(linuxGateway(table)).toEqual({ address: '192.0.2.1', device: 'eth0' })
  })

  it('is nothing where no route leads out, or the one that does is down or has no gateway', () => {
    expect(linuxGateway(header)).toBeNull()
    expect(linuxGateway('')).toBeNull()
    expect(linuxGateway(`${header}\neth0\t00000000\t010200C0\t0002\t0\t0\t100\t00000000\t0\t0\t0`)).toBeNull()
    expect(linuxGateway(`${header}\ntun0\t00000000\t00000000\t0001\t0\t0\t100\t00000000\t0\t0\t0`)).toBeNull()
    expect(linuxGateway('not a table at all')).toBeNull()
  })

  it('is read from /proc/net/ipv6_route, with the interface where the address needs it', () => {
    const line = (gateway: string, flags = '00000003') =>
      `${'0'.repeat(32)} 00 ${'0'.repeat(32)} 00 ${gateway} 00000400 00000003 00000000 ${flags}     eth0`
    expect(linuxGateway6(line('fd000000000000000000000000000001'))).toEqual({
      address: 'fd00:0:0:0:0:0:0:1',
      device: 'eth0',
    })
    expect(linuxGateway6(line('fe800000000000000000000000000001'))?.address).toBe('fe80:0:0:0:0:0:0:1%eth0')
    expect(linuxGateway6(line('0'.repeat(32), '00200200'))).toBeNull()
  })

  it('is read from what macOS prints', () => {
    const output = [
      'Routing tables',
      '',
      'Internet:',
      'Destination        Gateway            Flags               Netif Expire',
      'default            link#12            UCSg                utun3',
      'default            192.168.1.1        UGScg                 en0',
      '127                127.0.0.1          UCS                   lo0',
    ].join('\n')
    expect(bsdGateway(output)).toEqual({ address: '192.168.1.1', device: 'en0' })
    expect(bsdGateway('netstat: command failed')).toBeNull()
  })

  it('is read from what Windows prints, in any language', () => {
    const output = [
      'Aktive Routen:',
      '     Netzwerkziel    Netzwerkmaske          Gateway    Schnittstelle Metrik',
      '          0.0.0.0          0.0.0.0      192.168.1.1     192.168.1.23     25',
    ].join('\r\n')
    expect(windowsGateway(output)).toEqual({ address: '192.168.1.1', device: null })
    expect(windowsGateway('Keine')).toBeNull()
  })

  it('is the one of IPv6 where there is no other, and nothing in a kernel without it', async () => {
    const missing = Object.assign(new Error('no such file'), { code: 'ENOENT' })
    const read = async (path: string) => {
      if (path === '/proc/net/route') return header
      throw missing
    }
    const run = async () => ''
    await expect(defaultGateway({ platform: 'linux', read, run }, new AbortController().signal)).resolves.toBeNull()
  })
})
