/**
 * Questions in PromQL over HTTP, as Grafana asks them: the built console beside Prometheus, both with the same samples on
 * disk and asked one after the other.
 */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { storageMetricMethods } from '#main/store/metrics/worker-methods.ts'
import { addPrometheusBlocks, startPrometheus } from './chunk-store-peers.ts'
import { appendRecording, doChores, intervalMs, makeRecording, type Recording } from './chunk-store-recording.ts'
import { dataDirectory, startConsole } from './console-process.ts'
import { askQueryRange } from './query-range.ts'
import { type BenchContext, type Measure, median, type Scenario } from './scenario.ts'

const hour = 3_600_000
const token = 'a-token-of-the-benchmark-0123456789abcdef'
/** Promtool reads its input once for each block of two hours, so it is not given more. */
const daySeries = 100
const hourSeries = 10_000
const warmUps = 10
const measured = 15

/** `goal`: the most that Belfry may take of Prometheus's time. */
const questions = [
  { what: '1 series over 24 h', query: 'node_load1{instance="host-3"}', hours: 24, stepSeconds: 60, goal: 0.4 },
  { what: '50 series over 1 h', query: '{instance=~"host-[0-4]"}', hours: 1, stepSeconds: 10, goal: 0.4 },
  {
    what: 'sum by (zone) (rate()) of 1,000 series over 1 h',
    query: 'sum by (zone) (rate(node_cpu_seconds_total[5m]))',
    hours: 1,
    stepSeconds: 15,
    goal: 1,
  },
  {
    what: 'the highest of 1,000 series over 5 minutes, over 1 h',
    query: 'topk(5, max_over_time(node_load1[5m]))',
    hours: 1,
    stepSeconds: 15,
  },
] as const

export const query: Scenario = {
  name: 'query',
  async run({ directory, note }: BenchContext): Promise<readonly Measure[]> {
    const lastHourAt = Math.floor(Date.now() / hour) * hour - hour
    const day = makeRecording(daySeries, lastHourAt - 23 * hour, 23 * hour)
    const last = makeRecording(hourSeries, lastHourAt, hour)
    const recordings = [day, last].map(withZones)
    writeHistory(dataDirectory(directory), recordings, lastHourAt + hour)
    note('samples written')
    const blocks = join(directory, 'blocks')
    let skipped: string | null = null
    for (const recording of recordings) skipped ??= await addPrometheusBlocks(directory, blocks, recording)
    note('blocks written')
    const console = await startConsole({ directory, config: 'version: 1\n', token })
    const prometheus = skipped === null ? await startPrometheus(directory, blocks) : null
    try {
      const measures: Measure[] = []
      for (const { what, query, hours, stepSeconds, ...rest } of questions) {
        const to = lastHourAt + hour - intervalMs
        const range = { from: to - hours * hour + intervalMs, to, stepSeconds }
        const belfry = await medianMs(() => askQueryRange(console.origin, query, range, token))
        const theirs = prometheus
          ? await medianMs(() => prometheus.queryRange(query, range.from, to, stepSeconds))
          : null
        const peer =
          theirs === null
            ? { name: 'Prometheus', skipped: skipped ?? 'prometheus is not installed' }
            : { name: 'Prometheus', value: theirs }
        measures.push({
          what,
          unit: 'ms',
          belfry,
          peer,
          ...('goal' in rest ? { goal: { ratioAtMost: rest.goal } } : {}),
        })
        note(what)
      }
      return measures
    } finally {
      await console.end()
      await prometheus?.stop()
    }
  },
}

/** Ten zones, so that there is something to add up by. */
function withZones(recording: Recording): Recording {
  const series = recording.series.map((one) => ({
    ...one,
    labels: { ...one.labels, zone: `zone-${(one.id % 97) % 10}` },
  }))
  return { ...recording, series }
}

function writeHistory(directory: string, recordings: readonly Recording[], now: number): void {
  mkdirSync(directory, { recursive: true })
  const store = storageMetricMethods(directory, 0)
  for (const recording of recordings) appendRecording(store.methods, recording, 10)
  doChores(store.methods, now)
  store.close()
}

async function medianMs(ask: () => Promise<number>): Promise<number> {
  const took: number[] = []
  for (let i = 0; i < warmUps + measured; i++) took.push(await ask())
  return median(took.slice(warmUps))
}
