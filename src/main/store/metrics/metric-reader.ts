/**
 * Answers questions about stored samples: what the head said just before, merged with what is sealed. Long answers give
 * way between series, so that a cancelled question ends and a short one need not wait for a long one.
 */
import { setImmediate } from 'node:timers/promises'
import { AppError } from '#shared/contract/errors.ts'
import {
  counterGapMs,
  createStepReducer,
  type StepReducer,
  stepColumnNames,
  stepColumnsOf,
} from '#shared/domain/rollup.ts'
import type { Samples } from '#shared/domain/series.ts'
import { dayOfHour, hourMs, hourOf, hoursPerDay } from './calendar.ts'
import type { ChunkReader } from './chunk-reader.ts'
import type { Damage } from './damage.ts'
import { clipSamples, mergeSamples, noSamples } from './merge-samples.ts'
import type { ReduceAnswer, ReduceQuestion, SelectAnswer, SelectQuestion, SeriesSamples } from './messages.ts'
import { fiveMinuteTier, hourTier, type TierKind } from './tier-file.ts'

/** Series read before others get a turn: a few milliseconds for a day each. */
const seriesPerTurn = 8

export async function selectSamples(
  reader: ChunkReader,
  damage: Damage,
  question: SelectQuestion,
  signal: AbortSignal,
): Promise<SelectAnswer> {
  const { ids, from, to, maxSamples } = question
  const head = splitSeries(question.head)
  const found: Samples[] = []
  let total = 0
  for (const [i, id] of ids.entries()) {
    if (i % seriesPerTurn === seriesPerTurn - 1) await giveWay(signal)
    const samples = reader.snapshot(() => rawSamples(reader, id, from, to, head.get(id) ?? noSamples))
    total += samples.times.length
    if (total > maxSamples) {
      throw new AppError(
        'too-large',
        `The question covers more than ${maxSamples} samples. Ask for a shorter range, fewer series or larger steps.`,
      )
    }
    found.push(samples)
  }
  return { ...joinSeries(ids, found, total), damage: damage.take() }
}

export async function reduceSamples(
  reader: ChunkReader,
  damage: Damage,
  question: ReduceQuestion,
  signal: AbortSignal,
): Promise<ReduceAnswer> {
  const { ids, stepCount } = question
  const head = splitSeries(question.head)
  const columns = new Float64Array(ids.length * stepColumnNames.length * stepCount)
  for (const [i, id] of ids.entries()) {
    if (i % seriesPerTurn === seriesPerTurn - 1) await giveWay(signal)
    reader.snapshot(() => reduceOne(reader, question, i, id, columns, head.get(id) ?? noSamples))
  }
  return { columns, damage: damage.take() }
}

/** Later arrivals win: a chunk row over the day's file, the head over both. */
export function rawSamples(reader: ChunkReader, id: number, from: number, to: number, head: Samples): Samples {
  const parts = reader.compactedDays(from, to).flatMap((row) => reader.dayParts(row, id, from, to))
  const { first, end } = reader.chunkHours(from, to)
  for (let hour = first; hour < end; hour++) parts.push(reader.chunk(id, hour))
  return clipSamples(mergeSamples([...parts, head]), from, to)
}

/** Reduces a series to steps, into `flat` where columns of the series of this index are. */
export function reduceOne(
  reader: ChunkReader,
  { from, stepMs, stepCount, tier }: Pick<ReduceQuestion, 'from' | 'stepMs' | 'stepCount' | 'tier'>,
  index: number,
  id: number,
  flat: Float64Array,
  head: Samples,
): void {
  const columns = stepColumnsOf(flat, stepCount, index)
  for (const name of stepColumnNames) columns[name].fill(0)
  const reducer = createStepReducer(from, stepMs, columns)
  // The reading that the first step's counter increase starts from lies before the range.
  const start = from - counterGapMs
  const to = from + stepMs * stepCount
  if (tier === 'raw') reducer.addSamples(rawSamples(reader, id, start, to, head))
  else reduceFromTier(reader, tier === '5m' ? fiveMinuteTier : hourTier, id, start, to, head, reducer)
}

/** Buckets where a day has been compacted; before that chunks, or their summaries where a bucket is a whole chunk. */
function reduceFromTier(
  reader: ChunkReader,
  kind: TierKind,
  id: number,
  start: number,
  to: number,
  head: Samples,
  reducer: StepReducer,
): void {
  const compacted = reader.compactedDays(start, to)
  for (const { day } of compacted) {
    for (const bucket of reader.buckets(kind, day, id)) {
      if (bucket.at >= start && bucket.at < to) reducer.addBucket(bucket, kind.stepMs)
    }
  }
  const newest = compacted.at(-1)
  const reading = newest ? reader.lastReading(newest, id) : null
  if (reading) reducer.startFrom(reading.lastAt, reading.last)
  const isCompacted = new Set(compacted.map((row) => row.day))
  const { first, end } = reader.chunkHours(start, to)
  const headHours = hoursOf(head)
  const hours = new Set([...headHours, ...Array.from({ length: Math.max(0, end - first) }, (_, i) => first + i)])
  for (const hour of [...hours].sort((a, b) => a - b)) {
    if (isCompacted.has(dayOfHour(hour))) continue
    const whole = kind === hourTier && !headHours.has(hour) ? reader.chunkSummary(id, hour) : null
    if (whole) reducer.addSummary(whole)
    else {
      const inHead = clipSamples(head, hour * hourMs, (hour + 1) * hourMs)
      reducer.addSamples(clipSamples(mergeSamples([reader.chunk(id, hour), inHead]), start, to))
    }
  }
}

/** A day's worth of hours at most in practice: the head is short. */
function hoursOf({ times }: Samples): Set<number> {
  const hours = new Set<number>()
  const first = times[0]
  const last = times.at(-1)
  if (first === undefined || last === undefined) return hours
  if (hourOf(last) - hourOf(first) > 2 * hoursPerDay) for (const at of times) hours.add(hourOf(at))
  else for (let hour = hourOf(first); hour <= hourOf(last); hour++) hours.add(hour)
  return hours
}

async function giveWay(signal: AbortSignal): Promise<void> {
  await setImmediate()
  signal.throwIfAborted()
}

/** Views of each series' samples. */
export function splitSeries({ ids, counts, times, values }: SeriesSamples): Map<number, Samples> {
  const series = new Map<number, Samples>()
  let at = 0
  for (const [i, id] of ids.entries()) {
    const end = at + (counts[i] ?? 0)
    if (end > at) series.set(id, { times: times.subarray(at, end), values: values.subarray(at, end) })
    at = end
  }
  return series
}

export function joinSeries(ids: Uint32Array, series: readonly Samples[], total: number): SeriesSamples {
  const joined = {
    ids: ids.slice(),
    counts: new Uint32Array(ids.length),
    times: new Float64Array(total),
    values: new Float64Array(total),
  }
  let at = 0
  for (const [i, { times, values }] of series.entries()) {
    joined.counts[i] = times.length
    joined.times.set(times, at)
    joined.values.set(values, at)
    at += times.length
  }
  return joined
}
