import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CollectedSample } from '#main/collectors/kind.ts'
import { parseFileNumbers } from '#main/collectors/kinds/kernel.ts'
import { parseDiskstats } from '#main/collectors/linux/diskstats.ts'
import { parseLoadavg } from '#main/collectors/linux/loadavg.ts'
import { parseMeminfo } from '#main/collectors/linux/meminfo.ts'
import { holdsData, mayHang, parseMounts } from '#main/collectors/linux/mounts.ts'
import { parseNetDev } from '#main/collectors/linux/net-dev.ts'
import { parseOsRelease } from '#main/collectors/linux/os-release.ts'
import { pageSizeOf } from '#main/collectors/linux/page-size.ts'
import { parsePasswd } from '#main/collectors/linux/passwd.ts'
import { parsePressure } from '#main/collectors/linux/pressure.ts'
import { parseProcessStat } from '#main/collectors/linux/process-stat.ts'
import { parseSockstat } from '#main/collectors/linux/sockstat.ts'
import { bootAtOf, parseStat } from '#main/collectors/linux/stat.ts'

/** `name{labels} value`, as the exposition format writes it. */
const told = (samples: readonly CollectedSample[]) =>
  samples.map(({ name, labels, value }) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${text}"`)
    return `${name}${pairs.length > 0 ? `{${pairs.join(',')}}` : ''} ${value}`
  })

describe('parseStat', () => {
  it('gives seconds by processor and mode, and leaves the sum of all processors out', () => {
    const samples = told(
      parseStat(`cpu  400 0 300 200 100 0 0 0 0 0
cpu0 10 20 30 40 50 60 70 80 90 95
cpu17 1 2 3 4
intr 12345 0 0
ctxt 99
btime 1700000000
processes 7
procs_running 2
procs_blocked 0
softirq 5 1
`),
    )
    expect(samples).toContain('node_cpu_seconds_total{cpu="0",mode="user"} 0.1')
    expect(samples).toContain('node_cpu_seconds_total{cpu="0",mode="steal"} 0.8')
    expect(samples).toContain('node_cpu_guest_seconds_total{cpu="0",mode="nice"} 0.95')
    expect(samples).toContain('node_cpu_seconds_total{cpu="17",mode="idle"} 0.04')
    expect(samples).toContain('node_intr_total 12345')
    expect(samples).toContain('node_boot_time_seconds 1700000000')
    expect(samples).toHaveLength(8 + 2 + 4 + 6)
  })

  it('knows when the machine started', () => {
    expect(bootAtOf('cpu 1\nbtime 1700000000\n')).toBe(1_700_000_000_000)
    expect(bootAtOf('nothing')).toBeNull()
  })
})

describe('parseMeminfo', () => {
  it('turns kB into bytes, and leaves counts alone', () => {
    expect(told(parseMeminfo('MemTotal:       100 kB\nActive(anon):  2 kB\nHugePages_Total:   3\n'))).toEqual([
      'node_memory_MemTotal_bytes 102400',
      'node_memory_Active_anon_bytes 2048',
      'node_memory_HugePages_Total 3',
    ])
  })
})

describe('parseLoadavg', () => {
  it('reads the three averages', () => {
    expect(told(parseLoadavg('0.50 1.25 12.00 2/345 6789\n'))).toEqual([
      'node_load1 0.5',
      'node_load5 1.25',
      'node_load15 12',
    ])
  })
})

describe('parseNetDev', () => {
  it('reads devices whose counters touch their name, aliases, and none of the heading', () => {
    const samples = told(
      parseNetDev(`Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
  eth0:1 2 3 4 0 0 0 0 5 6 7 8 0 0 0 0
eth0:0: 9 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0
`),
    )
    expect(samples).toEqual([
      'node_network_receive_bytes_total{device="eth0"} 1',
      'node_network_receive_packets_total{device="eth0"} 2',
      'node_network_receive_errs_total{device="eth0"} 3',
      'node_network_receive_drop_total{device="eth0"} 4',
      'node_network_transmit_bytes_total{device="eth0"} 5',
      'node_network_transmit_packets_total{device="eth0"} 6',
      'node_network_transmit_errs_total{device="eth0"} 7',
      'node_network_transmit_drop_total{device="eth0"} 8',
      'node_network_receive_bytes_total{device="eth0:0"} 9',
      ...Array(7).fill(expect.stringContaining('eth0:0')),
    ])
  })
})

describe('parseDiskstats', () => {
  it('takes what the kernel tells: 11, 15 or 17 columns', () => {
    const line = (columns: number) => `8 0 sda ${Array.from({ length: columns }, (_, index) => index + 1).join(' ')}`
    expect([11, 15, 17].map((columns) => parseDiskstats(line(columns)).length)).toEqual([11, 15, 17])
    expect(told(parseDiskstats(line(11)))).toContain('node_disk_read_bytes_total{device="sda"} 1536')
    expect(told(parseDiskstats(line(11)))).toContain('node_disk_io_time_seconds_total{device="sda"} 0.01')
  })

  it.each(['sda1', 'loop3', 'ram0', 'zram0', 'nvme0n1p2', 'vdb3'])('leaves %s out', (device) => {
    expect(parseDiskstats(`8 1 ${device} 1 2 3 4 5 6 7 8 9 10 11`)).toEqual([])
  })

  it.each(['sda', 'nvme0n1', 'vda', 'dm-0', 'md127', 'mmcblk0'])('keeps %s', (device) => {
    expect(parseDiskstats(`8 1 ${device} 1 2 3 4 5 6 7 8 9 10 11`)).not.toEqual([])
  })
})

describe('parseMounts', () => {
  it('puts escaped characters back and keeps one of each', () => {
    expect(
      parseMounts(
        '/dev/sda1 / ext4 rw,relatime 0 0\n//nas/my\\040files /mnt/a\\134b cifs ro,x 0 0\n/dev/sda1 / ext4 rw 0 0\n\nbad\n',
      ),
    ).toEqual([
      { device: '/dev/sda1', mountpoint: '/', fstype: 'ext4', isReadOnly: false },
      { device: '//nas/my files', mountpoint: '/mnt/a\\b', fstype: 'cifs', isReadOnly: true },
    ])
  })

  it.each([
    ['/', 'ext4', true, false],
    ['/home/me/nas', 'nfs4', true, true],
    ['/mnt/phone', 'fuse.sshfs', true, true],
    ['/run', 'tmpfs', true, false],
    ['/proc/x', 'tmpfs', false, false],
    ['/device', 'ext4', true, false],
    ['/snap/core/1', 'squashfs', false, false],
    ['/var/lib/docker/overlay2/x/merged', 'ext4', false, false],
  ])('judges %s of type %s', (mountpoint, fstype, isData, isRisky) => {
    const mount = { device: 'x', mountpoint, fstype, isReadOnly: false }
    expect([holdsData(mount), mayHang(mount)]).toEqual([isData, isRisky])
  })
})

describe('parseProcessStat', () => {
  const line =
    '42 (odd) name (x\n) S 1 42 42 0 -1 4194304 1 2 3 4 150 50 7 8 20 0 9 0 12345 1000 678 18446744073709551615'

  it('finds its way through a name with blanks, parentheses and line ends', () => {
    expect(parseProcessStat(line)).toEqual({
      pid: 42,
      name: 'odd) name (x ',
      state: 'S',
      parentPid: 1,
      cpuTicks: 200,
      threads: 9,
      startTicks: 12_345,
      residentPages: 678,
    })
  })

  it.each(['', '42', '42 (x', '42 (x) S', `x ${line}`, line.replace('12345', 'abc')])('gives null for %j', (text) => {
    expect(parseProcessStat(text)).toBeNull()
  })
})

describe('small tables', () => {
  it('reads sockets', () => {
    expect(told(parseSockstat('sockets: used 200\nTCP: inuse 4 orphan 0 mem x\n'))).toEqual([
      'node_sockstat_sockets_used 200',
      'node_sockstat_TCP_inuse 4',
      'node_sockstat_TCP_orphan 0',
    ])
  })

  it('reads pressure in seconds, and no "full" of the processor', () => {
    const text =
      'some avg10=0.00 avg60=0.00 avg300=0.00 total=1500000\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=7\n'
    expect(told(parsePressure('cpu', text))).toEqual(['node_pressure_cpu_waiting_seconds_total 1.5'])
    expect(parsePressure('io', text).map(({ name }) => name)).toEqual([
      'node_pressure_io_waiting_seconds_total',
      'node_pressure_io_stalled_seconds_total',
    ])
  })

  it('reads open files', () => {
    expect(told(parseFileNumbers('608\t0\t9223372036854775807\n'))).toEqual([
      'node_filefd_allocated 608',
      'node_filefd_maximum 9223372036854776000',
    ])
  })

  it('reads users; the first name of an id counts', () => {
    expect(parsePasswd('root:x:0:0::/:/bin/sh\ntoor:x:0:0::/:/bin/sh\n#x\n+::::\nme:x:1000:\n')).toEqual(
      new Map([
        [0, 'root'],
        [1000, 'me'],
      ]),
    )
  })

  it('reads os-release with its quotes', () => {
    expect(parseOsRelease('NAME="A \\"B\\""\nID=debian\n# no\nVERSION=\'1 \'\n1BAD=x\n')).toEqual({
      NAME: 'A "B"',
      ID: 'debian',
      VERSION: '1 ',
    })
  })

  it('finds the page size', () => {
    const vector = new BigUint64Array([33n, 5n, 6n, 16_384n, 0n, 0n])
    expect(pageSizeOf(new Uint8Array(vector.buffer))).toBe(16_384)
    expect(pageSizeOf(new Uint8Array(3))).toBe(4096)
  })
})

describe('every parser', () => {
  const pieces = fc.constantFrom(
    ...'01289 \t\n:.,()=-kB\0ü',
    'cpu0',
    'some',
    'total=',
    'eth0:',
    'sda',
    '99999999999999999999',
  )
  const text = fc.string({ unit: pieces, maxLength: 200 })

  it('gives finite numbers or nothing, whatever it reads', () => {
    const parsers = [
      parseStat,
      parseMeminfo,
      parseLoadavg,
      parseNetDev,
      parseDiskstats,
      parseSockstat,
      parseFileNumbers,
      (one: string) => parsePressure('io', one),
    ]
    fc.assert(
      fc.property(text, (one) => {
        for (const parse of parsers) {
          for (const { value } of parse(one)) expect(Number.isFinite(value)).toBe(true)
        }
        parseMounts(one)
        parseProcessStat(one)
        parsePasswd(one)
        parseOsRelease(one)
      }),
      { numRuns: 1000 },
    )
  })
})
