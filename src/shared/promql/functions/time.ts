/** The calendar, in UTC: of each sample's value in seconds since 1970, or of the instant of evaluation. */

import { unlabelled } from '../operands.ts'
import type { FunctionName } from '../signatures.ts'
import { type PromqlFunction, perSample } from './function.ts'

interface Moment {
  readonly year: number
  /** 1 to 12. */
  readonly month: number
  readonly day: number
  /** Whole days since 1970-01-01, a Thursday. */
  readonly days: number
  readonly secondOfDay: number
}

export const timeFunctions = {
  minute: ofMoment(({ secondOfDay }) => Math.floor(secondOfDay / 60) % 60),
  hour: ofMoment(({ secondOfDay }) => Math.floor(secondOfDay / 3600)),
  day_of_week: ofMoment(({ days }) => (((days + 4) % 7) + 7) % 7),
  day_of_month: ofMoment(({ day }) => day),
  day_of_year: ofMoment(({ year, days }) => days - daysBefore(year, 1) + 1),
  days_in_month: ofMoment(
    ({ year, month }) => daysBefore(month === 12 ? year + 1 : year, (month % 12) + 1) - daysBefore(year, month),
  ),
  month: ofMoment(({ month }) => month),
  year: ofMoment(({ year }) => year),
} as const satisfies Partial<Record<FunctionName, PromqlFunction>>

function ofMoment(part: (moment: Moment) => number): PromqlFunction {
  const ofSeconds = (seconds: number) => (Number.isFinite(seconds) ? part(momentOf(Math.trunc(seconds))) : Number.NaN)
  const ofSamples = perSample(ofSeconds)
  return (args, call, evaluation) => {
    if (args.length > 0) return ofSamples(args, call, evaluation)
    const { start, stepMs, count } = evaluation.grid
    const values = Float64Array.from({ length: count }, (_, step) => ofSeconds((start + step * stepMs) / 1000))
    return unlabelled(values, new Uint8Array(count).fill(1))
  }
}

const secondsInDay = 86_400

/** Source: H. Hinnant, chrono-compatible low-level date algorithms, civil_from_days. */
function momentOf(seconds: number): Moment {
  const days = Math.floor(seconds / secondsInDay)
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153)
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1,
    days,
    secondOfDay: seconds - days * secondsInDay,
  }
}

/** Days from 1970-01-01 to the first of a month. Source: the same, days_from_civil. */
function daysBefore(year: number, month: number): number {
  const fromMarch = month > 2 ? month - 3 : month + 9
  const shifted = month <= 2 ? year - 1 : year
  const era = Math.floor(shifted / 400)
  const yearOfEra = shifted - era * 400
  const dayOfYear = Math.floor((153 * fromMarch + 2) / 5)
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
}
