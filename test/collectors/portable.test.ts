import { describe, expect, it } from 'vitest'
import type { CollectedSample } from '#main/collectors/kind.ts'
import { batterySamples } from '#main/collectors/portable/battery.ts'
import { diskSamples } from '#main/collectors/portable/disks.ts'
import { filesystemSamples } from '#main/collectors/portable/filesystems.ts'
import { memorySamples } from '#main/collectors/portable/memory.ts'
import { networkSamples } from '#main/collectors/portable/network.ts'
import { loadSystemInformation } from '#main/collectors/portable/portable-collector.ts'
import { processorSamples } from '#main/collectors/portable/processors.ts'
import { temperatureSamples } from '#main/collectors/portable/temperatures.ts'
import { asSeen, portableProcesses, rowOf } from '#main/collectors/processes/portable-processes.ts'

const told = (samples: readonly CollectedSample[]) =>
  samples.map(({ name, labels, value }) => `${name} ${Object.values(labels).join(' ')} ${value}`.replace(/ +/g, ' '))

describe('what systeminformation tells, in the words of node_exporter', () => {
  it('names processor time by processor and mode, in seconds', () => {
    const times = { user: 1500, nice: 0, sys: 500, idle: 9000, irq: 20 }
    expect(told(processorSamples([{ times }]))).toEqual([
      'node_cpu_seconds_total 0 user 1.5',
      'node_cpu_seconds_total 0 nice 0',
      'node_cpu_seconds_total 0 system 0.5',
      'node_cpu_seconds_total 0 idle 9',
      'node_cpu_seconds_total 0 irq 0.02',
    ])
  })

  it('leaves out the memory that a system does not tell', () => {
    const windows = { total: 100, free: 40, available: 40, buffers: 0, cached: 0, swaptotal: 10, swapfree: 5 }
    expect(told(memorySamples(windows))).toContain('node_memory_MemAvailable_bytes 40')
    expect(memorySamples({ total: 100, free: Number.NaN })).toHaveLength(1)
  })

  it('maps network counters, and no nulls', () => {
    const en0 = { iface: 'en0', rx_bytes: 10, rx_dropped: 1, rx_errors: 2, tx_bytes: 20, tx_dropped: 3, tx_errors: 4 }
    expect(told(networkSamples([en0, { iface: '', rx_bytes: 1 }]))).toEqual([
      'node_network_receive_bytes_total en0 10',
      'node_network_receive_errs_total en0 2',
      'node_network_receive_drop_total en0 1',
      'node_network_transmit_bytes_total en0 20',
      'node_network_transmit_errs_total en0 4',
      'node_network_transmit_drop_total en0 3',
    ])
  })

  it('says that disk counters are of all disks, and nothing where there are none', () => {
    expect(told(diskSamples({ rIO: 5, wIO: 6 }, { rx: 512, wx: 1024 }))).toEqual([
      'node_disk_reads_completed_total all 5',
      'node_disk_writes_completed_total all 6',
      'node_disk_read_bytes_total all 512',
      'node_disk_written_bytes_total all 1024',
    ])
    expect(diskSamples(null, null)).toEqual([])
  })

  it('maps the file systems that hold data', () => {
    const data = { fs: '/dev/disk3s5', type: 'APFS', size: 1000, used: 300, available: 650, use: 30, rw: true }
    const samples = told(
      filesystemSamples([
        { ...data, mount: '/' },
        { ...data, mount: '/System/Volumes/VM' },
        { fs: 'C:', type: 'NTFS', size: 10, used: 4, available: 6, mount: 'C:', rw: false },
        { fs: 'D:', type: '', size: 0, used: 0, available: 0, mount: 'D:' },
      ]),
    )
    expect(samples).toEqual([
      'node_filesystem_size_bytes /dev/disk3s5 / apfs 1000',
      'node_filesystem_free_bytes /dev/disk3s5 / apfs 700',
      'node_filesystem_avail_bytes /dev/disk3s5 / apfs 650',
      'node_filesystem_readonly /dev/disk3s5 / apfs 0',
      'node_filesystem_size_bytes C: C: ntfs 10',
      'node_filesystem_free_bytes C: C: ntfs 6',
      'node_filesystem_avail_bytes C: C: ntfs 6',
      'node_filesystem_readonly C: C: ntfs 1',
    ])
  })

  it('gives no temperature where there is no sensor', () => {
    // What it answers on Windows without rights, and in a virtual machine.
    const none = { main: null as unknown as number, cores: [], max: null as unknown as number }
    expect(temperatureSamples(none)).toEqual([])
    expect(told(temperatureSamples({ main: 51.5, cores: [50, 53] }))).toEqual([
      'node_hwmon_temp_celsius cpu main 51.5',
      'node_hwmon_temp_celsius cpu core0 50',
      'node_hwmon_temp_celsius cpu core1 53',
    ])
  })

  it('maps a battery in watt hours, and none to nothing', () => {
    const battery = {
      hasBattery: true,
      acConnected: false,
      percent: 81,
      cycleCount: 120,
      currentCapacity: 40_500,
      maxCapacity: 50_000,
      designedCapacity: 0,
      capacityUnit: 'mWh',
      voltage: 12.1,
    }
    expect(told(batterySamples(battery))).toEqual([
      'node_power_supply_online AC 0',
      'node_power_supply_capacity BAT0 81',
      'node_power_supply_cyclecount BAT0 120',
      'node_power_supply_energy_watthour BAT0 40.5',
      'node_power_supply_energy_full BAT0 50',
      'node_power_supply_voltage_volt BAT0 12.1',
    ])
    expect(batterySamples({ hasBattery: false, percent: 0 })).toEqual([])
  })

  const safari = {
    pid: 312,
    parentPid: 1,
    name: 'Safari',
    cpu: 150,
    cpuu: 0,
    cpus: 0,
    mem: 1,
    priority: 0,
    memVsz: 0,
    memRss: 2048,
    nice: 0,
    started: '2026-01-05 00:00:00',
    state: 'sleeping',
    tty: '',
    user: 'me',
    command: 'Safari',
    params: '--token=abc',
    path: '/Applications',
  }

  it('tells the share of cores, and hides what looks like a secret', () => {
    expect(asSeen(safari, 1).toldCpuRatio).toBe(1.5)
    expect(asSeen({ ...safari, cpu: 25 }, 8).toldCpuRatio).toBe(2)
    expect(rowOf(safari, 1.5)).toMatchObject({
      command: 'Safari --token=[hidden]',
      residentBytes: 2_097_152,
      startedAt: expect.any(Number),
    })
    expect(rowOf({ ...safari, started: '' }, null).startedAt).toBeNull()
  })
})

describe('systeminformation on this machine', () => {
  it('answers in the form that is mapped', async () => {
    const information = await loadSystemInformation()
    expect(memorySamples(await information.mem()).map(({ name }) => name)).toContain('node_memory_MemAvailable_bytes')
    expect(networkSamples(await information.networkStats('*')).length).toBeGreaterThan(0)
    expect(filesystemSamples(await information.fsSize()).length).toBeGreaterThan(0)
  })

  it('lists processes, this one among them', async () => {
    const list = await portableProcesses().list(new AbortController().signal)
    expect(list.map(({ pid }) => pid)).toContain(process.pid)
  })
})
