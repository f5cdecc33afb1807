/**
 * The charts of a wall, as questions to the sample store and what is made of the answers. From across the room one line
 * says more than ten: devices and cores are added up.
 */
import type { MetricAnswer, MetricQuery } from '#shared/contract/metrics.ts'
import type { WallChart, WallPage } from '#shared/contract/walls.ts'
import { ofOwnMachine } from '#shared/domain/own-machine.ts'

export type AskMetrics = (queries: readonly MetricQuery[]) => Promise<readonly MetricAnswer[]>
type Column = readonly (number | null)[]
type Range = WallChart['range']

const hostWindowMs = 30 * 60_000
/** More than a screen across the room can show apart. */
const points = 180
const mostSeries = 4

const lineOf = (answer: MetricAnswer | undefined): Column => answer?.series[0]?.values ?? []

export async function hostCharts(ask: AskMetrics, now: number): Promise<WallChart[]> {
  const range = { from: now - hostWindowMs, to: now }
  const noLoopback = [{ label: 'device', op: '!=' as const, value: 'lo' }]
  const query = (
    metric: string,
    reduce: MetricQuery['reduce'],
    sumBy: string[],
    matchers: MetricQuery['matchers'] = [],
  ) => ({ metric, reduce, sumBy, matchers: [ofOwnMachine, ...matchers], range, points }) satisfies MetricQuery
  const answers = await ask([
    query('node_cpu_seconds_total', 'rate', ['mode']),
    query('node_memory_MemTotal_bytes', 'avg', []),
    query('node_memory_MemAvailable_bytes', 'avg', []),
    query('node_disk_read_bytes_total', 'rate', []),
    query('node_disk_written_bytes_total', 'rate', []),
    query('node_network_receive_bytes_total', 'rate', [], noLoopback),
    query('node_network_transmit_bytes_total', 'rate', [], noLoopback),
  ])
  const [cpu, memory, available, read, written, received, sent] = answers
  const total = lineOf(memory).findLast((value) => value !== null) ?? null
  return [
    chart('CPU', 'ratio', range, cpu, 1, [{ label: 'Busy', values: busyOf(cpu) }]),
    chart('Memory', 'bytes', range, memory, total, [
      { label: 'Used', values: used(lineOf(memory), lineOf(available)) },
    ]),
    chart('Disks', 'bytesPerSecond', range, read, null, [
      { label: 'Read', values: lineOf(read) },
      { label: 'Write', values: lineOf(written) },
    ]),
    chart('Network', 'bitsPerSecond', range, received, null, [
      { label: 'In', values: inBits(lineOf(received)) },
      { label: 'Out', values: inBits(lineOf(sent)) },
    ]),
  ]
}

/** At most four series, those with the largest newest values. */
export async function seriesChart(
  ask: AskMetrics,
  page: Extract<WallPage, { kind: 'series' }>,
  now: number,
): Promise<WallChart> {
  const range = { from: now - page.windowMs, to: now }
  const matchers = Object.entries(page.labels).map(([label, value]) => ({ label, op: '=' as const, value }))
  const [answer] = await ask([{ metric: page.metric, matchers, range, points, reduce: page.reduce, sumBy: null }])
  const newest = (values: Column) => values.findLast((value) => value !== null) ?? Number.NEGATIVE_INFINITY
  const series = [...(answer?.series ?? [])]
    .sort((a, b) => newest(b.values) - newest(a.values))
    .slice(0, mostSeries)
    .map(({ labels, values }) => ({ label: labelOf(labels, page.labels), values }))
  return chart(page.title || page.metric, page.unit, range, answer, page.unit === 'ratio' ? 1 : null, series)
}

function chart(
  title: string,
  unit: WallChart['unit'],
  range: Range,
  answer: MetricAnswer | undefined,
  max: number | null,
  series: readonly { readonly label: string; readonly values: Column }[],
): WallChart {
  const times = [...(answer?.times ?? [])]
  // What was added up from two answers of one question has one grid; anything else is no line of this chart.
  const fitting = series.filter(({ values }) => values.length === times.length)
  return {
    title,
    unit,
    range,
    stepMs: answer?.stepMs ?? 0,
    times,
    max,
    series: fitting.map(({ label, values }) => ({ label, values: [...values] })),
  }
}

/** The labels that tell the series of a chart apart: those that were not asked for. */
function labelOf(labels: Readonly<Record<string, string>>, asked: Readonly<Record<string, string>>): string {
  const own = Object.entries(labels).filter(([name]) => name !== '__name__' && !Object.hasOwn(asked, name))
  return own.map(([, value]) => value).join(' ') || 'value'
}

/** One less the share of idle in all modes; null where a step has no answer. */
function busyOf(answer: MetricAnswer | undefined): Column {
  const modes = answer?.series ?? []
  const idle = modes.find(({ labels }) => labels['mode'] === 'idle')
  if (!answer || !idle) return []
  return answer.times.map((_, step) => {
    const all = modes.reduce((sum, { values }) => sum + (values[step] ?? 0), 0)
    const unused = idle.values[step] ?? null
    return unused === null || all <= 0 ? null : Math.max(0, 1 - unused / all)
  })
}

function used(total: Column, available: Column): Column {
  return total.map((all, step) => {
    const free = available[step] ?? null
    return all === null || free === null ? null : all - free
  })
}

const inBits = (bytes: Column): Column => bytes.map((value) => (value === null ? null : value * 8))
