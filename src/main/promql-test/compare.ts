/** Whether a result is what a test expects; what is not is said in words. */
import { RE2JS } from 're2js'
import { AppError } from '#shared/contract/errors.ts'
import type { Labels } from '#shared/domain/series.ts'
import type { StepRange } from '#shared/promql/evaluation.ts'
import type { Noted } from '#shared/promql/notes.ts'
import { labelKey, type RangeResult, showLabels, type Value } from '#shared/promql/values.ts'
import type { Expected, ExpectedText } from './script.ts'
import type { ExpectedSeries } from './series-line.ts'

export function compareInstant(result: Value, expected: Expected): string | null {
  switch (result.type) {
    case 'string':
      return result.value === expected.text
        ? null
        : `expected the string ${JSON.stringify(expected.text)}, got ${JSON.stringify(result.value)}`
    case 'scalar':
      if (expected.scalar === null) return `expected series, got the number ${result.value}`
      return isAlmost(expected.scalar, result.value) ? null : `expected ${expected.scalar}, got ${result.value}`
    case 'vector': {
      const rows = result.samples.map(({ labels, value }) => ({ labels, points: [[0, value] as const] }))
      return compareSeries(rows, expected, (values) => pointsOf(values.slice(0, 1), 0, 0))
    }
    case 'matrix': {
      const { range } = expected
      if (!range) return 'expected no range vector, got one'
      const rows = result.series.map(({ labels, times, values }) => ({
        labels,
        points: Array.from(times, (at, index) => [at, values[index] ?? Number.NaN] as const),
      }))
      return compareSeries(rows, expected, (values) => pointsOf(values, range.start, range.stepMs))
    }
  }
}

export function compareRange(result: RangeResult, expected: Expected, { start, stepMs }: StepRange): string | null {
  if (expected.scalar !== null) return 'expected a number, got the steps of a range'
  const rows = result.series.map(({ labels, values, present }) => ({
    labels,
    points: Array.from(values, (value, step) => [start + step * stepMs, value] as const).filter(
      (_, step) => present[step] === 1,
    ),
  }))
  return compareSeries(rows, expected, (values) => pointsOf(values, start, stepMs))
}

/** The second of three steps against what an instant is expected to give. */
export function compareMiddle({ series }: RangeResult, expected: Expected): string | null {
  const samples = series.flatMap(({ labels, values, present }) =>
    present[1] === 1 ? [{ labels, value: values[1] ?? Number.NaN, at: 0 }] : [],
  )
  if (expected.scalar === null) return compareInstant({ type: 'vector', samples }, expected)
  return compareInstant({ type: 'scalar', value: samples[0]?.value ?? Number.NaN }, expected)
}

type Point = readonly [at: number, value: number]

interface Row {
  readonly labels: Labels
  readonly points: readonly Point[]
}

function pointsOf(values: ExpectedSeries['values'], start: number, stepMs: number): Point[] {
  return values.flatMap((value, index): Point[] =>
    value === null ? [] : [[start + index * stepMs, value === 'stale' ? Number.NaN : value]],
  )
}

function compareSeries(
  rows: readonly Row[],
  expected: Expected,
  pointsFor: (values: ExpectedSeries['values']) => Point[],
): string | null {
  if (expected.scalar !== null) return `expected the number ${expected.scalar}, got ${rows.length} series`
  // Of two lines for the same series the last counts.
  const wanted = new Map(expected.series.map((one, index) => [keyOf(one), { ...one, index }]))
  const seen = new Set<string>()
  for (const [index, { labels, points }] of rows.entries()) {
    const key = labelKey(labels)
    const one = wanted.get(key)
    if (!one) return `unexpected ${showLabels(labels)} with ${shownPoints(points)}`
    if (expected.isOrdered && one.index !== index) {
      return `expected ${showLabels(labels)} in place ${one.index + 1}, got it in place ${index + 1}`
    }
    const want = pointsFor(one.values)
    const isEqual =
      want.length === points.length &&
      want.every(([at, value], place) => {
        const point = points[place]
        return point?.[0] === at && isAlmost(value, point[1])
      })
    if (!isEqual) return `expected ${shownPoints(want)} for ${showLabels(labels)}, got ${shownPoints(points)}`
    seen.add(key)
  }
  const lacking = [...wanted].find(([key]) => !seen.has(key))?.[1]
  return lacking
    ? `expected ${showLabels(labelsOf(lacking))} with ${shownPoints(pointsFor(lacking.values))}, got none`
    : null
}

const labelsOf = ({ name, labels }: ExpectedSeries): Labels => (name === '' ? labels : { __name__: name, ...labels })
const keyOf = (series: ExpectedSeries) => labelKey(labelsOf(series))

const mostShown = 30

function shownPoints(points: readonly Point[]): string {
  if (points.length === 1 && points[0]) return String(points[0][1])
  const shown = points.slice(0, mostShown).map(([at, value]) => `${value}@${at / 1000}`)
  return `[${shown.join(' ')}${points.length > mostShown ? ' ...' : ''}]`
}

export function compareNotes({ warnings, infos }: Noted, expected: Expected): string | null {
  return (
    compareTexts('warning', warnings, expected.warnings, expected.noWarnings) ??
    compareTexts('info', infos, expected.infos, expected.noInfos)
  )
}

function compareTexts(
  kind: 'warning' | 'info',
  placed: readonly string[],
  expected: readonly ExpectedText[],
  isNoneExpected: boolean,
): string | null {
  const texts = placed.map((text) => `PromQL ${kind}: ${text.replace(/^\d+:\d+: /, '')}`)
  if (isNoneExpected && texts.length > 0) return `expected no ${kind}, got ${texts.join('; ')}`
  const unmet = expected.find((one) => !texts.some((text) => meets(text, one)))
  if (unmet) return `expected the ${kind} "${unmet.text}", got ${texts.length === 0 ? 'none' : texts.join('; ')}`
  const odd = expected.length === 0 ? undefined : texts.find((text) => !expected.some((one) => meets(text, one)))
  return odd === undefined ? null : `unexpected ${kind}: ${odd}`
}

export function meets(text: string, expected: ExpectedText): boolean {
  if (!expected.isPattern) return text === expected.text
  try {
    return RE2JS.compile(expected.text, RE2JS.DOTALL).matcher(text).find()
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new AppError('invalid', `expected a regular expression, got ${expected.text}: ${why}`)
  }
}

/** The relative difference that values may have, as in Prometheus's runner. */
const tolerance = 1e-6
/** The smallest number of full precision. */
const leastNormal = 2 ** -1022

/** Source: prometheus/util/almost/almost.go. */
function isAlmost(a: number, b: number): boolean {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) && Number.isNaN(b)
  if (a === b) return true
  const difference = Math.abs(a - b)
  const sum = Math.abs(a) + Math.abs(b)
  if (a === 0 || b === 0 || sum < leastNormal) return difference < tolerance * leastNormal
  return difference / Math.min(sum, Number.MAX_VALUE) < tolerance
}
