/** A line of a test file: a series and its values. */
import { type NamedSeries, seriesIdentity, seriesValues } from '#main/alerts/unit-test/notation.ts'
import { AppError } from '#shared/contract/errors.ts'

export interface ExpectedSeries extends NamedSeries {
  /** Null: no sample. Empty where the line is not supported. */
  readonly values: readonly (number | null | 'stale')[]
  /** What Belfry has not, in words. */
  readonly unsupported: string | null
}

export function parseSeriesLine(text: string): ExpectedSeries {
  const end = identityEnd(text)
  const identity = seriesIdentity(text.slice(0, end))
  const values = text.slice(end)
  if (values.trim() === '') throw new AppError('invalid', `expected values after the series, got "${text}"`)
  if (values.includes('{{')) return { ...identity, values: [], unsupported: 'native histograms are not supported' }
  return { ...identity, values: seriesValues(values), unsupported: null }
}

/** Whether the line gives the instants at which samples began to count, as in `x@st -1m`. */
export const hasStartTimes = (text: string) => /^[^\s"]*@st\s/.test(text)

/** Where the series ends: behind its closing brace, or at the first space where it has none. Two braces are a histogram. */
function identityEnd(text: string): number {
  const open = /^[^\s{]*\s*\{(?!\{)/.exec(text)
  if (!open) return /\s|$/.exec(text)?.index ?? text.length
  const rest = /^(?:"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`|[^"'`}])*\}/.exec(text.slice(open[0].length))
  if (!rest) throw new AppError('invalid', `expected } at the end of the labels, got "${text}"`)
  return open[0].length + rest[0].length
}
