/** Samples made once and given to every store alike, so that all are measured on the same ones. */
import type { StorageMetricMethods } from '#main/store/metrics/worker-methods.ts'
import { type MixedSeries, mixedSeries } from './chunk-store-mix.ts'

export interface Recording {
  readonly series: readonly MixedSeries[]
  /** Shared by all series. */
  readonly times: Float64Array
  /** Per series, one value per instant. */
  readonly columns: readonly Float64Array[]
}

export const intervalMs = 10_000

export function makeRecording(seriesCount: number, from: number, lengthMs: number): Recording {
  const series = mixedSeries(seriesCount)
  const times = Float64Array.from({ length: lengthMs / intervalMs }, (_, i) => from + i * intervalMs)
  return { series, times, columns: series.map(({ next }) => Float64Array.from(times, next)) }
}

/** Appends `ticksPerFrame` instants a frame, with the chores that fall due; chores' time is told apart. */
export function appendRecording(
  methods: StorageMetricMethods,
  { series, times, columns }: Recording,
  ticksPerFrame: number,
): { appendMs: number; appendCpuMs: number; choresMs: number } {
  let [appendMs, appendCpuMs, choresMs, tendAt] = [0, 0, 0, 0]
  for (let tick = 0; tick < times.length; tick += ticksPerFrame) {
    const ticks = Math.min(ticksPerFrame, times.length - tick)
    const batch = batchOf(series, times, columns, tick, ticks)
    const newSeries = tick === 0 ? series.map(({ id, name, labels }) => ({ id, name, labels })) : []
    const [startedMs, startedCpu] = [performance.now(), process.cpuUsage()]
    methods['metrics.append']({ ...batch, newSeries })
    appendMs += performance.now() - startedMs
    const cpu = process.cpuUsage(startedCpu)
    appendCpuMs += (cpu.user + cpu.system) / 1000
    const now = times[tick + ticks - 1] ?? 0
    if (now < tendAt) continue
    tendAt = now + 300_000
    choresMs += doChores(methods, now)
  }
  return { appendMs, appendCpuMs, choresMs }
}

/** All chores due at `now`. Returns the milliseconds they took. */
export function doChores(methods: StorageMetricMethods, now: number): number {
  const startedMs = performance.now()
  while (methods['metrics.tend']({ now }).more);
  return performance.now() - startedMs
}

function batchOf(
  series: readonly MixedSeries[],
  allTimes: Float64Array,
  columns: readonly Float64Array[],
  tick: number,
  ticks: number,
) {
  const count = series.length * ticks
  const [ids, times, values] = [new Uint32Array(count), new Float64Array(count), new Float64Array(count)]
  for (let t = 0, at = 0; t < ticks; t++) {
    for (let k = 0; k < series.length; k++, at++) {
      ids[at] = series[k]?.id ?? 0
      times[at] = allTimes[tick + t] ?? 0
      values[at] = columns[k]?.[tick + t] ?? 0
    }
  }
  return { ids, times, values }
}
