/**
 * What a format asks of its samples beyond their spelling: that a metric's lines stand together, that a histogram counts
 * upwards, that names do not clash. Prometheus does not ask for it when it scrapes, and neither does Belfry; who writes an
 * exporter wants to know. Source: the OpenMetrics 1.0 specification, and the text format's reference parser (expfmt).
 */
import type { Labels } from '#shared/domain/series.ts'
import { Misread } from './exposition-error.ts'
import type { Metadata, MetricType } from './metadata-line.ts'
import type { ExpositionFormat } from './parser.ts'
import type { ExpositionSeries } from './series.ts'

/** Throws Misread at offset -1: the line as a whole is wrong. */
export interface Conformance {
  metadata(metadata: Metadata): void
  sample(series: ExpositionSeries, value: number, at: number): void
  exemplar(): void
  end(): void
}

export function createConformance(format: ExpositionFormat): Conformance {
  return format === 'text' ? textConformance() : openConformance()
}

function refuse(message: string): never {
  throw new Misread(-1, message)
}

function textConformance(): Conformance {
  const helped = new Set<string>()
  const types = new Map<string, MetricType>()
  const sampled = new Set<string>()
  return {
    metadata({ kind, metric, text }) {
      if (kind === 'help') {
        if (helped.has(metric)) refuse(`expected one HELP line of ${metric}, got a second one`)
        helped.add(metric)
      }
      if (kind === 'type') {
        if (types.has(metric)) refuse(`expected one TYPE line of ${metric}, got a second one`)
        if (sampled.has(metric)) refuse(`expected the TYPE line of ${metric} before its samples`)
        types.set(metric, text as MetricType)
      }
    },
    sample({ name, labels }) {
      const metric = name.replace(/_(?:bucket|sum|count)$/, '')
      sampled.add(types.has(name) ? name : types.has(metric) ? metric : name)
      const isBucket = types.get(metric)?.endsWith('histogram') && name.endsWith('_bucket')
      if (isBucket) numberIn(labels, 'le')
      if (types.get(name) === 'summary') numberIn(labels, 'quantile')
    },
    exemplar: () => undefined,
    end: () => undefined,
  }
}

function numberIn(labels: Labels, label: string): void {
  const text = labels[label]
  if (text !== undefined && numberOf(text) === null) {
    refuse(`expected a number as the label ${label}, got ${JSON.stringify(text)}`)
  }
}

function numberOf(text: string): number | null {
  if (/^[+-]?inf$/i.test(text)) return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  const value = text.trim() === '' ? Number.NaN : Number(text)
  return Number.isNaN(value) ? null : value
}

const suffixes: Readonly<Record<MetricType, readonly string[]>> = {
  counter: ['_total', '_created'],
  gauge: [''],
  histogram: ['_bucket', '_count', '_sum', '_created'],
  gaugehistogram: ['_bucket', '_gcount', '_gsum'],
  summary: ['', '_count', '_sum', '_created'],
  info: ['_info'],
  stateset: [''],
  unknown: [''],
}

interface Family {
  readonly name: string
  type: MetricType | null
  hasHelp: boolean
  unit: string | null
  group: string | null
  readonly groups: Set<string>
  /** Of the group: whether its samples have timestamps, and the last. */
  at: number
  exemplarAllowed: boolean
  buckets: Buckets | null
}

interface Buckets {
  readonly group: string
  readonly at: number
  bound: number | null
  value: number
  count: number | null
  hasSum: boolean
  sumIsNegative: boolean
  hasNegative: boolean
  readonly isGauge: boolean
}

function openConformance(): Conformance {
  const taken = new Set<string>()
  let family: Family | null = null

  const close = () => {
    if (family === null) return
    if (family.buckets) judgeBuckets(family.buckets)
    if (family.unit && (family.type === 'info' || family.type === 'stateset')) {
      refuse(`expected no unit of ${family.name}, which is of the type ${family.type}`)
    }
    const names = ['', ...suffixes[family.type ?? 'unknown']].map((suffix) => `${family?.name}${suffix}`)
    for (const name of new Set(names)) {
      if (taken.has(name))
        refuse(`expected names that do not clash, got ${name} a second time: all lines of a metric stand together`)
      taken.add(name)
    }
    family = null
  }

  const begin = (name: string, type: MetricType | null): Family => {
    close()
    family = {
      name,
      type,
      hasHelp: false,
      unit: null,
      group: null,
      groups: new Set(),
      at: Number.NaN,
      exemplarAllowed: false,
      buckets: null,
    }
    return family
  }

  return {
    metadata({ kind, metric, text }) {
      const current = family?.name === metric ? family : begin(metric, null)
      if (current.group !== null) refuse(`expected the metadata of ${metric} before its samples`)
      const isSecond =
        kind === 'help' ? current.hasHelp : kind === 'type' ? current.type !== null : current.unit !== null
      if (isSecond) refuse(`expected one ${kind.toUpperCase()} line of ${metric}, got a second one`)
      if (kind === 'help') current.hasHelp = true
      else if (kind === 'type') current.type = text as MetricType
      else current.unit = text
    },
    sample(series, value, at) {
      let current = family
      if (current === null || !suffixes[current.type ?? 'unknown'].some((end) => series.name === current?.name + end)) {
        current = begin(series.name, null)
      }
      judgeSample(current, series, value, at)
    },
    exemplar() {
      if (!family?.exemplarAllowed)
        refuse('expected exemplars at the buckets of histograms and the totals of counters only')
    },
    end: close,
  }
}

function judgeSample(family: Family, { name, labels }: ExpositionSeries, value: number, at: number): void {
  const type = family.type ?? 'unknown'
  const suffix = name.slice(family.name.length)
  const isBucket = suffix === '_bucket' && type.endsWith('histogram')
  const le = isBucket ? bucketBound(labels) : null
  if (type === 'stateset' && labels[family.name] === undefined) {
    refuse(`expected the label ${family.name}, which names the state`)
  }
  if (type === 'stateset' && value !== 0 && value !== 1) refuse(`expected a state to be 0 or 1, got ${value}`)
  if (type === 'info' && value !== 1) refuse(`expected an info to be 1, got ${value}`)
  if (type === 'summary' && suffix === '') {
    const quantile = numberOf(labels['quantile'] ?? '')
    if (quantile === null || quantile < 0 || quantile > 1) {
      refuse(`expected the label quantile to be between 0 and 1, got ${JSON.stringify(labels['quantile'] ?? '')}`)
    }
    if (value < 0) refuse(`expected a quantile not to be negative, got ${value}`)
  }
  if (suffix !== '' && suffix !== '_created' && suffix !== '_info') {
    if (Number.isNaN(value)) refuse(`expected ${name} to be a number, got NaN`)
    if (value < 0 && suffix !== '_gsum') refuse(`expected ${name} not to be negative, got ${value}`)
    const isCount = suffix === '_count' || suffix === '_gcount'
    if ((isBucket || isCount) && Number.isFinite(value) && !Number.isInteger(value)) {
      refuse(`expected ${name} to be a whole number, got ${value}`)
    }
  }
  family.exemplarAllowed = isBucket || (type === 'counter' && suffix === '_total')
  judgeGroup(family, labels, at)
  if (type.endsWith('histogram')) judgeHistogram(family, suffix, le, value, at)
}

function bucketBound(labels: Labels): number {
  const text = labels['le'] ?? ''
  const bound = numberOf(text)
  if (bound === null || (bound === Number.POSITIVE_INFINITY && text !== '+Inf')) {
    refuse(`expected the label le to be a number or +Inf, got ${JSON.stringify(text)}`)
  }
  return bound
}

function judgeGroup(family: Family, labels: Labels, at: number): void {
  const apart = { histogram: 'le', gaugehistogram: 'le', summary: 'quantile', stateset: family.name }[
    family.type as string
  ]
  const group = JSON.stringify(
    Object.entries(labels)
      .filter(([label]) => label !== apart)
      .sort(),
  )
  if (group === family.group) {
    if (Number.isNaN(at) !== Number.isNaN(family.at)) {
      refuse(`expected all samples of one ${family.name} to have a timestamp, or none`)
    }
    if (at < family.at && family.type !== 'info') refuse(`expected the timestamps of ${family.name} to go forwards`)
  } else if (family.groups.has(group)) {
    refuse(`expected all samples of one ${family.name} to stand together`)
  }
  family.group = group
  family.groups.add(group)
  family.at = at
}

function judgeHistogram(family: Family, suffix: string, le: number | null, value: number, at: number): void {
  const group = family.group ?? ''
  let buckets = family.buckets
  if (buckets === null || buckets.group !== group || !Object.is(buckets.at, at)) {
    if (buckets) judgeBuckets(buckets)
    buckets = {
      group,
      at,
      bound: null,
      value: 0,
      count: null,
      hasSum: false,
      sumIsNegative: false,
      hasNegative: false,
      isGauge: family.type === 'gaugehistogram',
    }
    family.buckets = buckets
  }
  if (le !== null) {
    if (le < 0) buckets.hasNegative = true
    if (buckets.bound !== null && le <= buckets.bound)
      refuse(`expected the buckets in ascending order, got le ${le} after ${buckets.bound}`)
    if (value < buckets.value)
      refuse(`expected a bucket to count at least what the one below does, got ${value} after ${buckets.value}`)
    buckets.bound = le
    buckets.value = value
  }
  if (suffix === '_count' || suffix === '_gcount') buckets.count = value
  if (suffix === '_sum' || suffix === '_gsum') {
    buckets.hasSum = true
    buckets.sumIsNegative = value < 0
  }
}

function judgeBuckets({ bound, count, value, hasSum, sumIsNegative, hasNegative, isGauge }: Buckets): void {
  if (bound !== Number.POSITIVE_INFINITY) refuse('expected a bucket of le="+Inf" in each histogram')
  if (count !== null && count !== value)
    refuse(`expected the count to be that of the bucket +Inf, ${value}, got ${count}`)
  if (hasSum && count === null) refuse('expected a count where there is a sum')
  if (!hasSum && count !== null) refuse('expected a sum where there is a count')
  if (hasNegative && hasSum && !isGauge) refuse('expected no sum where buckets are negative')
  if (!hasNegative && sumIsNegative) refuse('expected no negative sum without negative buckets')
}
