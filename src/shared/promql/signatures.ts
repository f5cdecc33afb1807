/** What functions and aggregations take and give. What they compute is in functions/ and aggregations/. */
import type { ValueType } from './ast.ts'

export interface Signature {
  readonly args: readonly ValueType[]
  /** Fewer arguments are too few. */
  readonly atLeast: number
  /** More than `args` are as many more of the last type as one likes. */
  readonly isVariadic: boolean
  readonly returns: ValueType
}

interface Tolerance {
  /** How many of the last arguments may be left out. */
  readonly optional?: number
  readonly isVariadic?: boolean
}

function signature(args: readonly ValueType[], tolerance: Tolerance = {}, returns: ValueType = 'vector'): Signature {
  return { args, atLeast: args.length - (tolerance.optional ?? 0), isVariadic: tolerance.isVariadic ?? false, returns }
}

const ofVector = signature(['vector'])
const ofRange = signature(['matrix'])
const ofTime = signature(['vector'], { optional: 1 })
const smoothing = signature(['matrix', 'scalar', 'scalar'])
const sortingByLabel = signature(['vector', 'string'], { optional: 1, isVariadic: true })

/** By name, case-sensitive. Source: prometheus.io/docs/prometheus/latest/querying/functions. */
export const signatures = {
  abs: ofVector,
  absent: ofVector,
  absent_over_time: ofRange,
  acos: ofVector,
  acosh: ofVector,
  asin: ofVector,
  asinh: ofVector,
  atan: ofVector,
  atanh: ofVector,
  avg_over_time: ofRange,
  ceil: ofVector,
  changes: ofRange,
  clamp: signature(['vector', 'scalar', 'scalar']),
  clamp_max: signature(['vector', 'scalar']),
  clamp_min: signature(['vector', 'scalar']),
  cos: ofVector,
  cosh: ofVector,
  count_over_time: ofRange,
  day_of_month: ofTime,
  day_of_week: ofTime,
  day_of_year: ofTime,
  days_in_month: ofTime,
  deg: ofVector,
  delta: ofRange,
  deriv: ofRange,
  double_exponential_smoothing: smoothing,
  exp: ofVector,
  first_over_time: ofRange,
  floor: ofVector,
  histogram_fraction: signature(['scalar', 'scalar', 'vector']),
  histogram_quantile: signature(['scalar', 'vector']),
  holt_winters: smoothing,
  hour: ofTime,
  idelta: ofRange,
  increase: ofRange,
  irate: ofRange,
  label_join: signature(['vector', 'string', 'string', 'string'], { optional: 1, isVariadic: true }),
  label_replace: signature(['vector', 'string', 'string', 'string', 'string']),
  last_over_time: ofRange,
  ln: ofVector,
  log10: ofVector,
  log2: ofVector,
  mad_over_time: ofRange,
  max_over_time: ofRange,
  min_over_time: ofRange,
  minute: ofTime,
  month: ofTime,
  pi: signature([], {}, 'scalar'),
  predict_linear: signature(['matrix', 'scalar']),
  present_over_time: ofRange,
  quantile_over_time: signature(['scalar', 'matrix']),
  rad: ofVector,
  rate: ofRange,
  resets: ofRange,
  round: signature(['vector', 'scalar'], { optional: 1 }),
  scalar: signature(['vector'], {}, 'scalar'),
  sgn: ofVector,
  sin: ofVector,
  sinh: ofVector,
  sort: ofVector,
  sort_by_label: sortingByLabel,
  sort_by_label_desc: sortingByLabel,
  sort_desc: ofVector,
  sqrt: ofVector,
  stddev_over_time: ofRange,
  stdvar_over_time: ofRange,
  sum_over_time: ofRange,
  tan: ofVector,
  tanh: ofVector,
  time: signature([], {}, 'scalar'),
  timestamp: ofVector,
  ts_of_first_over_time: ofRange,
  ts_of_last_over_time: ofRange,
  ts_of_max_over_time: ofRange,
  ts_of_min_over_time: ofRange,
  vector: signature(['scalar']),
  year: ofTime,
} as const satisfies Readonly<Record<string, Signature>>

export type FunctionName = keyof typeof signatures

export const isFunctionName = (name: string): name is FunctionName => Object.hasOwn(signatures, name)

/** Functions that Prometheus has and Belfry has not, and why. */
export const unsupportedFunctions: Readonly<Record<string, string>> = {
  histogram_avg: 'works on native histograms, which Belfry does not keep',
  histogram_count: 'works on native histograms, which Belfry does not keep',
  histogram_quantiles: 'is experimental in Prometheus',
  histogram_stddev: 'works on native histograms, which Belfry does not keep',
  histogram_stdvar: 'works on native histograms, which Belfry does not keep',
  histogram_sum: 'works on native histograms, which Belfry does not keep',
  info: 'is experimental in Prometheus',
  start: 'is experimental in Prometheus',
  end: 'is experimental in Prometheus',
  range: 'is experimental in Prometheus',
  step: 'is experimental in Prometheus',
}

/** The type of the argument before the vector, as in topk(5, x); null: there is none. */
export const aggregationParameters = {
  avg: null,
  bottomk: 'scalar',
  count: null,
  count_values: 'string',
  group: null,
  max: null,
  min: null,
  quantile: 'scalar',
  stddev: null,
  stdvar: null,
  sum: null,
  topk: 'scalar',
} as const satisfies Readonly<Record<string, ValueType | null>>

export type AggregationName = keyof typeof aggregationParameters

export const isAggregationName = (name: string): name is AggregationName => Object.hasOwn(aggregationParameters, name)

/** Aggregations that are experimental in Prometheus. */
export const unsupportedAggregations: readonly string[] = ['limitk', 'limit_ratio']
