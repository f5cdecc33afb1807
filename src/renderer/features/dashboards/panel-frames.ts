/** From what a panel's queries answered to named series that know how they are read. Pure. */
import { interpolate, type Scope } from '#shared/domain/dashboard/interpolate.ts'
import { seriesNames } from '#shared/domain/dashboard/legend.ts'
import type { DataPanel } from '#shared/domain/dashboard/panels.ts'
import { readValue, type SeriesOptions, seriesOptions } from '#shared/domain/dashboard/reading.ts'
import { reduceSeries } from '#shared/domain/dashboard/reduce.ts'
import type { Reducer } from '#shared/domain/dashboard/values.ts'
import { numberOf, seriesName, valuesOf } from '../../charts/query-answer.ts'
import type { ReadItem } from '../../charts/read-value.ts'
import type { Answered } from '../../charts/use-queries.ts'

export interface Frame {
  readonly id: string
  readonly refId: string
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  /** One for each of the frames' times. */
  readonly values: readonly (number | null)[]
  readonly options: SeriesOptions
}

export interface Frames {
  /** Ascending; shared by all frames. */
  readonly times: readonly number[]
  readonly stepMs: number
  readonly frames: readonly Frame[]
  /** Queries that could not be answered, in words. */
  readonly problems: readonly string[]
  readonly warnings: readonly string[]
}

interface Raw {
  readonly refId: string
  readonly template: string
  readonly times: readonly number[]
  readonly stepMs: number
  readonly series: readonly {
    readonly labels: Readonly<Record<string, string>>
    readonly values: readonly (number | null)[]
  }[]
}

/** `answers` are of the panel's targets that are not hidden, in their order. */
export function framesOf(panel: DataPanel, answers: readonly Answered[], scope: Scope): Frames {
  const targets = shownTargets(panel)
  const raws = answers.flatMap((answered, index): Raw[] => {
    const target = targets[index]
    if (!target || answered.kind === 'failed') return []
    const named = { refId: target.refId, template: interpolate(target.legend, scope) }
    if (answered.kind === 'range') {
      const { times, stepMs, series } = answered.answer
      return [{ ...named, times, stepMs, series: series.map((one) => ({ ...one, values: valuesOf(one.values) })) }]
    }
    const { at, series } = answered.answer
    const values = series.map(({ labels, samples }) => {
      const newest = samples.at(-1)
      return { labels, values: [newest ? numberOf(newest[1]) : null] }
    })
    return [{ ...named, times: [at], stepMs: 1, series: values }]
  })
  const coarsest = raws.reduce<Raw | null>(
    (coarse, raw) => (raw.series.length > 0 && raw.stepMs > (coarse?.stepMs ?? 0) ? raw : coarse),
    null,
  )
  const times = coarsest?.times ?? []
  const frames = raws.flatMap((raw) => {
    const names = seriesNames(
      raw.template,
      raw.series.map(({ labels }) => labels),
      raw.refId,
    )
    return raw.series.flatMap(({ labels, values }, index): Frame[] => {
      const written = names[index] ?? raw.refId
      const options = seriesOptions(panel, { name: written, refId: raw.refId })
      if (options.isHidden) return []
      return [
        {
          id: `${raw.refId} ${seriesName(labels)}`,
          refId: raw.refId,
          name: options.displayName ? interpolate(options.displayName, scope) : written,
          labels,
          values: aligned(values, raw.times, times),
          options,
        },
      ]
    })
  })
  return {
    times,
    stepMs: coarsest?.stepMs ?? 0,
    frames,
    problems: answers.flatMap((answered, index) =>
      answered.kind === 'failed' ? [`${targets[index]?.refId ?? ''}: ${answered.failure.message}`] : [],
    ),
    warnings: answers.flatMap((answered) => (answered.kind === 'failed' ? [] : answered.answer.warnings)),
  }
}

export const shownTargets = (panel: DataPanel) =>
  panel.targets.filter(({ isHidden, expr }) => !isHidden && expr.trim() !== '')

function aligned(
  values: readonly (number | null)[],
  own: readonly number[],
  times: readonly number[],
): readonly (number | null)[] {
  if (own === times || (own.length === times.length && own[0] === times[0])) return values
  const indexes = new Map(own.map((at, index) => [at, index]))
  return times.map((at) => values[indexes.get(at) ?? -1] ?? null)
}

/** One number for each frame, as stats, gauges and bars show it. */
export function itemsOf({ frames }: Frames, reduce: Reducer): ReadItem[] {
  const read = frames.map((frame) => ({ frame, value: reduceSeries(frame.values, reduce) }))
  const largest = read.reduce((most, { value }) => (Number.isFinite(value) ? Math.max(most, value ?? 0) : most), 0)
  return read.map(({ frame, value }) => {
    const { text, state } = readValue(value, frame.options)
    const share = value === null ? null : shareOf(value, endsOf(frame.options, largest))
    return { id: frame.id, label: frame.name, value, text, state, values: frame.values, share }
  })
}

export interface Ends {
  readonly min: number
  readonly max: number
}

/** Ends of a scale where a panel does not give them: of per cent they are known, else the data decides. */
export function endsOf({ min, max, unit }: Pick<SeriesOptions, 'min' | 'max' | 'unit'>, largest: number): Ends {
  return { min: min ?? 0, max: max ?? (unit === 'ratio' ? 1 : unit === 'percent' ? 100 : largest) }
}

export function shareOf(value: number, { min, max }: Ends): number | null {
  return max > min && Number.isFinite(value) ? Math.min(1, Math.max(0, (value - min) / (max - min))) : null
}

export interface Stretch {
  readonly from: number
  readonly to: number
  readonly token: string
}

/** What thresholds say of stretches of the value axis, those without a meaning left out; the ends are infinite. */
export function meaningfulStretches(
  { thresholds, ...scale }: Pick<SeriesOptions, 'thresholds' | 'min' | 'max' | 'unit'>,
  largest: number,
): Stretch[] {
  const { min, max } = endsOf(scale, largest)
  const steps = thresholds.steps.toSorted((a, b) => a.value - b.value)
  const at = (value: number) => (thresholds.mode === 'absolute' ? value : min + (value / 100) * (max - min))
  const all = [{ value: Number.NEGATIVE_INFINITY, state: thresholds.base }, ...steps]
  return all.flatMap(({ value, state }, index) => {
    if (state === 'neutral') return []
    const next = all[index + 1]
    return [{ from: at(value), to: next ? at(next.value) : Number.POSITIVE_INFINITY, token: `--${state}` }]
  })
}
