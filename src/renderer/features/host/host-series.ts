/** What the charts of this machine ask for, and how answers become lines. node_exporter's names throughout. */
import type { MetricAnswer } from '#shared/contract/metrics.ts'
import { ofOwnMachine } from '#shared/domain/own-machine.ts'
import type { ChartSeries } from '../../charts/chart-content.ts'
import { addUp, divide, scaleBy, subtract, totalOf } from '../../charts/column-math.ts'
import { seriesColorCount } from '../../charts/series-colors.ts'
import type { SeriesQuery } from '../../charts/use-series.ts'

/** Points over the range: two a pixel on a half-width chart would be more than anyone sees. */
const points = 360

type Read = (answers: readonly MetricAnswer[]) => readonly ChartSeries[]

const own = { points, matchers: [ofOwnMachine] }
const gauge = (metric: string): SeriesQuery => ({ ...own, metric, reduce: 'avg' })
const rateBy = (metric: string, label: string): SeriesQuery => ({ ...own, metric, reduce: 'rate', sumBy: [label] })

/** Busy modes from below; idle is what is left of 100 %. */
const cpuModes = [
  { label: 'User', modes: ['user', 'nice'] },
  { label: 'System', modes: ['system', 'irq', 'softirq'] },
  { label: 'Waiting for disk', modes: ['iowait'] },
  { label: 'Stolen', modes: ['steal'] },
]
export const cpuQueries: readonly SeriesQuery[] = [rateBy('node_cpu_seconds_total', 'mode')]

/** Shares of all cores: all modes together, idle included, are 1. */
export const readCpu: Read = ([answer]) => {
  if (!answer || answer.series.length === 0) return []
  const all = addUp(answer.series.map(({ values }) => values))
  return cpuModes
    .map(({ label, modes }) => {
      const busy = answer.series.filter(({ labels }) => modes.includes(labels['mode'] ?? ''))
      return { id: label, label, values: divide(addUp(busy.map(({ values }) => values)), all) }
    })
    .filter(({ label, values }) => label !== 'Stolen' || values.some((value) => (value ?? 0) > 0.005))
}

export const loadQueries: readonly SeriesQuery[] = [gauge('node_load1'), gauge('node_load5'), gauge('node_load15')]
export const readLoad: Read = named('1 min', '5 min', '15 min')

export const memoryQueries: readonly SeriesQuery[] = [
  gauge('node_memory_MemTotal_bytes'),
  gauge('node_memory_MemAvailable_bytes'),
  gauge('node_memory_MemFree_bytes'),
]

/** Used is what nobody else could have; cache is in use too, but is given up when asked for. */
export const readMemory: Read = ([total, available, free]) => {
  const [all, could, unused] = [total, available, free].map((answer) => answer?.series[0]?.values)
  if (!all || !could) return []
  const used = subtract(all, could)
  return [
    { id: 'used', label: 'Used', values: used },
    ...(unused ? [{ id: 'cache', label: 'Cache', values: subtract(could, unused), style: 3 }] : []),
  ]
}

export const swapQueries: readonly SeriesQuery[] = [
  gauge('node_memory_SwapTotal_bytes'),
  gauge('node_memory_SwapFree_bytes'),
]
export const readSwap: Read = ([total, free]) => {
  const [all, left] = [total, free].map((answer) => answer?.series[0]?.values)
  // A machine without swap reports a total of 0.
  return all && left && totalOf(all) > 0 ? [{ id: 'swap', label: 'Swap used', values: subtract(all, left) }] : []
}

export const diskQueries: readonly SeriesQuery[] = [
  rateBy('node_disk_read_bytes_total', 'device'),
  rateBy('node_disk_written_bytes_total', 'device'),
]
export const readDisks: Read = inAndOut('device', 'read', 'written')

export const diskBusyQueries: readonly SeriesQuery[] = [rateBy('node_disk_io_time_seconds_total', 'device')]
export const readDiskBusy: Read = ([answer]) => byLabel(answer, 'device')

const noLoopback = [ofOwnMachine, { label: 'device', op: '!=' as const, value: 'lo' }]
export const networkQueries: readonly SeriesQuery[] = [
  { ...rateBy('node_network_receive_bytes_total', 'device'), matchers: noLoopback },
  { ...rateBy('node_network_transmit_bytes_total', 'device'), matchers: noLoopback },
]
export const readNetwork: Read = (answers) =>
  inAndOut('device', 'in', 'out')(answers).map((series) => ({ ...series, values: scaleBy(series.values, 8) }))

export const networkErrorQueries: readonly SeriesQuery[] = [
  'receive_errs',
  'transmit_errs',
  'receive_drop',
  'transmit_drop',
].map((name) => ({ ...rateBy(`node_network_${name}_total`, 'device'), matchers: noLoopback }))
export const readNetworkErrors: Read = (answers) =>
  ['errors in', 'errors out', 'dropped in', 'dropped out'].flatMap((what, index) =>
    byLabel(answers[index], 'device')
      .filter(({ values }) => values.some((value) => (value ?? 0) > 0))
      .map((series) => ({ ...series, id: `${series.id} ${what}`, label: `${series.label} ${what}` })),
  )

export const temperatureQueries: readonly SeriesQuery[] = [gauge('node_hwmon_temp_celsius')]
export const readTemperatures: Read = ([answer]) =>
  (answer?.series ?? []).map(({ labels, values }) => {
    const label = [labels['chip'], labels['sensor']].filter(Boolean).join(' ')
    return { id: label, label, values }
  })

/** One line an answer, in order; answers without data are left out. */
function named(...labels: readonly string[]): Read {
  return (answers) =>
    labels.flatMap((label, index) => {
      const values = answers[index]?.series[0]?.values
      return values ? [{ id: label, label, values }] : []
    })
}

/** Two lines a device, next to each other: the same colour, the second dashed. At most four devices, the busiest. */
function inAndOut(name: string, inWord: string, outWord: string): Read {
  return ([inward, outward]) => {
    const inSeries = byLabel(inward, name)
    const outSeries = byLabel(outward, name)
    const devices = [...new Set([...inSeries, ...outSeries].map(({ id }) => id))]
      .map((device) => ({
        device,
        into: inSeries.find(({ id }) => id === device)?.values ?? [],
        out: outSeries.find(({ id }) => id === device)?.values ?? [],
      }))
      .sort((a, b) => totalOf(b.into) + totalOf(b.out) - totalOf(a.into) - totalOf(a.out))
      .filter(({ into, out }, index) => index === 0 || totalOf(into) + totalOf(out) > 0)
      .slice(0, mostDevices)
    return devices.flatMap(({ device, into, out }, index) => [
      { id: `${device} ${inWord}`, label: `${device} ${inWord}`, values: into, style: index },
      { id: `${device} ${outWord}`, label: `${device} ${outWord}`, values: out, style: index + seriesColorCount },
    ])
  }
}

const mostDevices = 4

function byLabel(answer: MetricAnswer | undefined, name: string): ChartSeries[] {
  return (answer?.series ?? []).map(({ labels, values }) => ({
    id: labels[name] ?? '',
    label: labels[name] ?? '',
    values,
  }))
}
