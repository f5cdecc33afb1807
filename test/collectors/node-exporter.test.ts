import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '#main/adapters/clock.ts'
import type { CollectedSample } from '#main/collectors/kind.ts'
import { collectorKinds } from '#main/collectors/kinds/index.ts'
import { excludedDisks } from '#main/collectors/linux/diskstats.ts'
import { readTemperatures } from '#main/collectors/linux/hwmon.ts'
import { excludedMountpoints, excludedTypes } from '#main/collectors/linux/mounts.ts'
import { readPowerSupplies } from '#main/collectors/linux/power-supply.ts'
import { systemRoots } from '#main/collectors/linux/roots.ts'
import { linuxProcesses } from '#main/collectors/processes/linux-processes.ts'
import { watchProcesses } from '#main/collectors/processes/process-watch.ts'
import { memoryLogger } from '#test/support/ports.ts'

const binary = '/usr/bin/prometheus-node-exporter'
const isThere = existsSync(binary)

/** Values by series, as `name{label="value",...}` with the labels in alphabetical order. */
type Exposed = Map<string, number>

interface Exporter {
  read(): Promise<Exposed>
  end(): void
}

async function startExporter(options: readonly string[]): Promise<Exporter> {
  const child: ChildProcess = spawn(binary, ['--web.listen-address=127.0.0.1:0', ...options], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  if (!child.stderr) throw new Error('no standard error to read the port from')
  for await (const line of createInterface({ input: child.stderr })) {
    const port = /127\.0\.0\.1:(\d+)/.exec(line)?.[1]
    if (port === undefined || !/listening/i.test(line)) continue
    child.stderr.resume()
    return {
      read: async () => parseExposition(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()),
      end: () => void child.kill('SIGKILL'),
    }
  }
  throw new Error('node_exporter ended before it listened')
}

function parseExposition(text: string): Exposed {
  return new Map(
    text
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => {
        const blank = line.lastIndexOf(' ')
        return [line.slice(0, blank), Number(line.slice(blank + 1))]
      }),
  )
}

function exposed(samples: readonly CollectedSample[]): Exposed {
  return new Map(
    samples.map(({ name, labels, value }) => {
      const pairs = Object.entries(labels)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([label, text]) => `${label}="${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`)
      return [pairs.length > 0 ? `${name}{${pairs.join(',')}}` : name, value]
    }),
  )
}

const nameOf = (series: string) => series.replace(/\{.*/, '')
const namesOf = (series: Exposed) => new Set([...series.keys()].map(nameOf))
const ofNames = (series: Exposed, names: ReadonlySet<string>) =>
  [...series.keys()].filter((key) => names.has(nameOf(key))).sort()

describe.skipIf(!isThere)('beside the real node_exporter (Debian: prometheus-node-exporter)', () => {
  let exporter: Exporter
  beforeAll(async () => {
    exporter = await startExporter([
      '--collector.processes',
      // Debian's package leaves out more than node_exporter itself does.
      `--collector.filesystem.mount-points-exclude=${excludedMountpoints.source.replaceAll('\\/', '/')}`,
      `--collector.filesystem.fs-types-exclude=${excludedTypes.source}`,
      `--collector.diskstats.device-exclude=${excludedDisks.source}`,
      '--collector.netdev.device-exclude=^$',
    ])
  })
  afterAll(() => exporter?.end())

  const ports = { clock: systemClock, logger: memoryLogger() }
  const collectors = collectorKinds.flatMap((kind) => kind.create(ports) ?? [])
  const processes = watchProcesses(systemClock, linuxProcesses(systemRoots))

  async function collectAll(): Promise<Exposed> {
    const signal = new AbortController().signal
    const all = await Promise.all([...collectors, processes].map((collector) => collector.collect(signal)))
    expect(all.flatMap(({ problems }) => problems)).toEqual([])
    return exposed(all.flatMap(({ samples }) => samples).filter(({ name }) => !name.startsWith('belfry_')))
  }

  it('tells the same series: names and labels', async () => {
    const ours = await collectAll()
    const theirs = await exporter.read()
    const names = namesOf(ours)
    // Processes change their states from one millisecond to the next.
    names.delete('node_processes_state')
    expect(ofNames(ours, names)).toEqual(ofNames(theirs, names))
    expect(names.size).toBeGreaterThan(100)
  })

  it('tells the same values', async () => {
    const before = await collectAll()
    const theirs = await exporter.read()
    const after = await collectAll()
    const wrong: string[] = []
    for (const [series, first] of before) {
      const value = theirs.get(series)
      const second = after.get(series)
      if (value === undefined || second === undefined) continue
      // What is counted lies between the two looks; what goes up and down may leave them by a little.
      const isCounted = nameOf(series).endsWith('_total') || series === 'node_time_seconds'
      const slack = isCounted
        ? 1e-9
        : 64 * 2 ** 20 * Number(/_bytes$/.test(nameOf(series))) + 0.3 * Math.abs(value) + 50
      const isConstant =
        /MemTotal|SwapTotal|_size_bytes|filesystem_files\{|boot_time|uname|os_info|maximum|readonly/.test(series)
      // Idle time is an estimate that steps back, which both hold back in their own way; the start is computed anew.
      const isEstimate = /cpu_seconds|boot_time/.test(series)
      const allowed = (isConstant ? 0 : slack) + (isEstimate ? 1 : 0)
      const low = Math.min(first, second) - allowed
      const high = Math.max(first, second) + allowed
      if (value < low || value > high) wrong.push(`${series}: ${value} is not in ${low} .. ${high}`)
    }
    expect(wrong).toEqual([])
  })
})

describe.skipIf(!isThere)('beside node_exporter on a laptop (Debian: prometheus-node-exporter)', () => {
  let sys: string
  let exporter: Exporter
  beforeAll(async () => {
    sys = await mkdtemp(join(tmpdir(), 'belfry-sys-'))
    await writeLaptop(sys)
    exporter = await startExporter([
      `--path.sysfs=${sys}`,
      '--collector.disable-defaults',
      '--collector.hwmon',
      '--collector.powersupplyclass',
    ])
  })
  afterAll(async () => {
    exporter?.end()
    await rm(sys, { recursive: true, force: true })
  })

  it('tells temperatures and batteries in the same series with the same values', async () => {
    const { samples, problems } = await readTemperatures(join(sys, 'class/hwmon'))
    const ours = exposed([...samples, ...(await readPowerSupplies(join(sys, 'class/power_supply')))])
    expect(problems).toEqual([])
    const theirs = await exporter.read()
    const names = namesOf(ours)
    expect(ofNames(ours, names)).toEqual(ofNames(theirs, names))
    for (const [series, value] of ours) expect([series, value]).toEqual([series, theirs.get(series)])
    expect([...names].sort()).toEqual([
      'node_hwmon_chip_names',
      'node_hwmon_sensor_label',
      'node_hwmon_temp_celsius',
      'node_power_supply_capacity',
      'node_power_supply_cyclecount',
      'node_power_supply_energy_full',
      'node_power_supply_energy_watthour',
      'node_power_supply_online',
      'node_power_supply_power_watt',
      'node_power_supply_present',
      'node_power_supply_voltage_volt',
    ])
  })
})

/** The part of /sys that a laptop with two chips, a battery and mains shows. */
async function writeLaptop(sys: string): Promise<void> {
  const put = async (path: string, files: Record<string, string>) => {
    await mkdir(join(sys, path), { recursive: true })
    for (const [name, text] of Object.entries(files)) await writeFile(join(sys, path, name), `${text}\n`)
  }
  await put('devices/platform/coretemp.0/hwmon/hwmon3', {
    name: 'coretemp',
    temp1_input: '51000',
    temp1_label: 'Package id 0',
    temp2_input: '49500',
    temp2_label: 'Core 0',
    temp2_crit: '100000',
  })
  await symlink('../../../coretemp.0', join(sys, 'devices/platform/coretemp.0/hwmon/hwmon3/device'))
  await put('devices/virtual/thermal/hwmon0', { name: 'acpitz', temp1_input: '-5000' })
  await put('devices/power/BAT0', {
    type: 'Battery',
    capacity: '81',
    present: '1',
    cycle_count: '120',
    energy_now: '40500000',
    energy_full: '50000000',
    power_now: '7250000',
    voltage_now: '12100000',
    status: 'Discharging',
  })
  await put('devices/power/AC', { type: 'Mains', online: '0' })
  await mkdir(join(sys, 'class/hwmon'), { recursive: true })
  await mkdir(join(sys, 'class/power_supply'), { recursive: true })
  await symlink('../../devices/platform/coretemp.0/hwmon/hwmon3', join(sys, 'class/hwmon/hwmon3'))
  await symlink('../../devices/virtual/thermal/hwmon0', join(sys, 'class/hwmon/hwmon0'))
  await symlink('../../devices/power/BAT0', join(sys, 'class/power_supply/BAT0'))
  await symlink('../../devices/power/AC', join(sys, 'class/power_supply/AC'))
}
