/** A day of this machine and of the checks: every metric is a function of time, with one gap in which nobody looked. */
import type { MetricAnswer, MetricQuery } from '#shared/contract/metrics.ts'
import type { Matcher } from '#shared/domain/series.ts'
import { hashOf, noiseAt } from './random.ts'

type Labels = Record<string, string>
interface SampleSeries {
  readonly labels: Labels
  /** A gauge's value, or a counter's increase per second. */
  readonly at: (at: number) => number
}

const GiB = 1024 ** 3
const MiB = 1024 ** 2
const minute = 60_000

/** Slow waves with fast noise on them, between `low` and `high`. */
const wave =
  (low: number, high: number, seed: number, sharpness = 1) =>
  (at: number) => {
    const mixed =
      0.55 * noiseAt(at, 37 * minute, seed) +
      0.3 * noiseAt(at, 4 * minute, seed + 1) +
      0.15 * noiseAt(at, 9000, seed + 2)
    return low + (high - low) * mixed ** sharpness
  }

const cpuModes: readonly (readonly [mode: string, low: number, high: number])[] = [
  ['user', 0.3, 4.2],
  ['system', 0.1, 1.1],
  ['iowait', 0, 0.5],
  ['nice', 0, 0.05],
  ['irq', 0, 0.02],
  ['softirq', 0.01, 0.12],
  ['steal', 0, 0.02],
]

const series: Readonly<Record<string, readonly SampleSeries[]>> = {
  node_cpu_seconds_total: [
    ...cpuModes.map(([mode, low, high], index) => ({ labels: { mode }, at: wave(low, high, 10 + index, 2) })),
    {
      labels: { mode: 'idle' },
      at: (at) => 8 - cpuModes.reduce((sum, [, low, high], index) => sum + wave(low, high, 10 + index, 2)(at), 0),
    },
  ],
  node_load1: [{ labels: {}, at: wave(0.4, 6.2, 31, 1.6) }],
  node_load5: [{ labels: {}, at: (at) => noiseAt(at, 37 * minute, 31) * 3.4 + 0.5 }],
  node_load15: [{ labels: {}, at: (at) => noiseAt(at, 71 * minute, 31) * 2.6 + 0.6 }],
  node_memory_MemTotal_bytes: [{ labels: {}, at: () => 31.2 * GiB }],
  node_memory_MemAvailable_bytes: [{ labels: {}, at: wave(9 * GiB, 21 * GiB, 41) }],
  node_memory_MemFree_bytes: [{ labels: {}, at: wave(1.2 * GiB, 4 * GiB, 42) }],
  node_memory_Buffers_bytes: [{ labels: {}, at: wave(0.5 * GiB, 0.9 * GiB, 43) }],
  node_memory_Cached_bytes: [{ labels: {}, at: wave(6 * GiB, 8.5 * GiB, 44) }],
  node_memory_SwapTotal_bytes: [{ labels: {}, at: () => 8 * GiB }],
  node_memory_SwapFree_bytes: [{ labels: {}, at: wave(6.9 * GiB, 7.9 * GiB, 45) }],
  node_disk_read_bytes_total: disks((seed) => wave(0, 85 * MiB, seed, 5)),
  node_disk_written_bytes_total: disks((seed) => wave(0.4 * MiB, 46 * MiB, seed + 5, 3)),
  node_disk_io_time_seconds_total: disks((seed) => wave(0, 0.7, seed + 9, 3)),
  node_network_receive_bytes_total: devices((seed) => wave(20_000, 9_000_000, seed, 4)),
  node_network_transmit_bytes_total: devices((seed) => wave(9000, 2_600_000, seed + 5, 4)),
  node_network_receive_errs_total: devices(() => () => 0),
  node_network_transmit_errs_total: devices(() => () => 0),
  node_network_receive_drop_total: devices((seed) => wave(0, 0.4, seed + 8, 6)),
  node_network_transmit_drop_total: devices(() => () => 0),
  node_hwmon_temp_celsius: [
    { labels: { chip: 'coretemp', sensor: 'temp1' }, at: wave(44, 81, 71, 1.5) },
    { labels: { chip: 'nvme', sensor: 'temp1' }, at: wave(38, 52, 72) },
  ],
  node_filesystem_size_bytes: mounts(
    ({ size }) =>
      () =>
        size,
  ),
  node_filesystem_avail_bytes: mounts(
    ({ size, used }) =>
      () =>
        size * (1 - used),
  ),
  node_filesystem_free_bytes: mounts(
    ({ size, used }) =>
      () =>
        size * (1 - used) + 0.02 * size,
  ),
}

/** What only expressions ask for: checks that fail now and then, and a histogram of requests. */
const bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5]
const more: Readonly<Record<string, readonly SampleSeries[]>> = {
  probe_success: ['Checkout API', 'Search', 'Postgres replica'].map((check, index) => ({
    labels: { check, kind: 'http' },
    at: (at) => (noiseAt(at, 9 * minute, 90 + index) > 0.86 - index * 0.05 ? 0 : 1),
  })),
  http_request_duration_seconds_bucket: [...bounds, Number.POSITIVE_INFINITY].map((bound, index) => ({
    labels: { le: bound === Number.POSITIVE_INFINITY ? '+Inf' : String(bound) },
    at: (at) => 40 / (1 + Math.exp(2.2 + 3 * noiseAt(at, 14 * minute, 95) - index)),
  })),
}

/** `now-5h` to `now-4h30m`: the lid was closed. */
const gap = { fromAgoMs: 300 * minute, toAgoMs: 270 * minute }

export function sampleMetric(query: MetricQuery, now: number): MetricAnswer {
  const { range, points } = query
  const stepMs = roundStep((range.to - range.from) / points)
  const first = Math.ceil(range.from / stepMs) * stepMs
  const times = Array.from(
    { length: Math.max(0, Math.floor((range.to - first) / stepMs)) },
    (_, step) => first + step * stepMs,
  )
  const isSeen = (at: number) =>
    at <= now && (at < now - gap.fromAgoMs || at >= now - gap.toAgoMs) && at > now - 30 * 1440 * minute
  return {
    stepMs,
    tier: stepMs >= 60 * minute ? '1h' : stepMs >= 5 * minute ? '5m' : 'raw',
    times,
    series: summed(matching(query), query.sumBy).map(({ labels, at }) => ({
      labels,
      values: times.map((time) => (isSeen(time) ? Math.max(0, at(time)) : null)),
    })),
  }
}

export function sampleLatest(metric: string, now: number): { labels: Labels; at: number; value: number }[] {
  const at = now - 2000
  return seriesOf(metric).map((one) => ({ labels: one.labels, at, value: one.at(at) }))
}

export function sampleNames(prefix: string): string[] {
  return [...Object.keys(series), 'probe_duration_seconds', 'probe_http_duration_seconds', 'probe_success']
    .filter((name) => name.startsWith(prefix))
    .sort()
}

/** All series that match, as the query service finds them. */
export function sampleStored(matchers: readonly Matcher[]): (SampleSeries & { readonly name: string })[] {
  return Object.entries({ ...series, ...more }).flatMap(([name, list]) =>
    list
      .map((one) => ({ ...one, name }))
      .filter(({ labels }) => matchers.every((matcher) => isMatch({ ...labels, __name__: name }, matcher))),
  )
}

function isMatch(labels: Labels, { label, op, value }: Matcher): boolean {
  const has = labels[label] ?? ''
  if (op === '=') return has === value
  if (op === '!=') return has !== value
  return new RegExp(`^(?:${value})$`).test(has) === (op === '=~')
}

function matching({ metric, matchers }: MetricQuery): SampleSeries[] {
  const check = matchers.find(({ label }) => label === 'check')?.value ?? ''
  return seriesOf(metric, check).filter(({ labels }) => matchers.every((matcher) => isMatch(labels, matcher)))
}

function seriesOf(metric: string, check = ''): readonly SampleSeries[] {
  if (Object.hasOwn(series, metric)) return series[metric] ?? []
  const seed = hashOf(check) % 1000
  if (metric === 'probe_duration_seconds') return [{ labels: { check }, at: wave(0.04, 0.42, seed, 3) }]
  if (metric !== 'probe_http_duration_seconds') return []
  return ['resolve', 'connect', 'tls', 'processing', 'transfer'].map((phase, index) => ({
    labels: { check, phase },
    at: wave(0.002, [0.02, 0.03, 0.05, 0.24, 0.06][index] ?? 0.05, seed + index, 3),
  }))
}

function summed(list: readonly SampleSeries[], by: readonly string[] | null): readonly SampleSeries[] {
  if (by === null) return list
  const groups = new Map<string, { labels: Labels; members: SampleSeries[] }>()
  for (const one of list) {
    const labels = Object.fromEntries(
      by.flatMap((name) => (name in one.labels ? [[name, one.labels[name] ?? '']] : [])),
    )
    const key = JSON.stringify(labels)
    const group = groups.get(key) ?? { labels, members: [] }
    group.members.push(one)
    groups.set(key, group)
  }
  return [...groups.values()].map(({ labels, members }) => ({
    labels,
    at: (at) => members.reduce((sum, member) => sum + member.at(at), 0),
  }))
}

function disks(make: (seed: number) => (at: number) => number): SampleSeries[] {
  return ['nvme0n1', 'sda'].map((device, index) => ({ labels: { device }, at: make(50 + index * 13) }))
}

function devices(make: (seed: number) => (at: number) => number): SampleSeries[] {
  return ['eth0', 'wlan0', 'docker0'].map((device, index) => ({ labels: { device }, at: make(60 + index * 17) }))
}

function mounts(make: (mount: { size: number; used: number }) => (at: number) => number): SampleSeries[] {
  const all = [
    { mountpoint: '/', device: '/dev/nvme0n1p2', fstype: 'ext4', size: 460 * GiB, used: 0.62 },
    { mountpoint: '/home', device: '/dev/nvme0n1p3', fstype: 'ext4', size: 1380 * GiB, used: 0.81 },
    { mountpoint: '/var/lib/postgresql', device: '/dev/sda1', fstype: 'xfs', size: 930 * GiB, used: 0.93 },
    { mountpoint: '/boot/efi', device: '/dev/nvme0n1p1', fstype: 'vfat', size: 0.5 * GiB, used: 0.12 },
  ]
  return all.map(({ mountpoint, device, fstype, ...mount }) => ({
    labels: { mountpoint, device, fstype },
    at: make(mount),
  }))
}

const roundSteps = [1, 5, 10, 15, 30, 60, 300, 600, 900, 1800, 3600, 7200, 21_600, 86_400].map(
  (seconds) => seconds * 1000,
)
const roundStep = (least: number) => roundSteps.find((step) => step >= least) ?? 86_400_000
