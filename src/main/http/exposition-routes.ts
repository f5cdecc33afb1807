/**
 * What other monitors read of Belfry: `/metrics`, its own series, and `/federate`, any. In the text format, or in
 * OpenMetrics for who prefers it. Sources: https://prometheus.io/docs/instrumenting/exposition_formats/,
 * https://prometheus.io/docs/prometheus/latest/federation/.
 */

import type { LatestSample } from '#main/metrics/metric-store.ts'
import type { QueryService } from '#main/query/query-service.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { ExpositionEntry } from '#shared/exposition/parse-exposition.ts'
import type { ExpositionFormat } from '#shared/exposition/parser.ts'
import { writeExposition } from '#shared/exposition/write-exposition.ts'
import { tooMany } from './prometheus-routes.ts'
import type { RateLimit } from './rate-limit.ts'
import type { Route, RouteReply, RouteRequest } from './route.ts'
import { joined, streamOf } from './text-chunks.ts'

/** The names of what Belfry tells of itself. */
const ownSelector = '{__name__=~"(?:belfry|process)_.+"}'

export function expositionRoutes(options: { readonly queries: QueryService; readonly rateLimit: RateLimit }): Route[] {
  const { queries, rateLimit } = options
  return [
    {
      method: 'GET',
      path: '/metrics',
      access: 'viewer',
      dialect: 'prometheus',
      summary: "Belfry's own series in the text format or OpenMetrics",
      handle: async (request) => {
        const found = await queries.newest([ownSelector], request.signal)
        const format = formatOf(request)
        return exposed(ownLines(found, queries, format), format, request.signal)
      },
    },
    {
      method: 'GET',
      path: '/federate',
      access: 'viewer',
      dialect: 'prometheus',
      summary: 'The newest samples of series that match match[], for a Prometheus to scrape',
      handle: async (request) => {
        const waitMs = rateLimit.take(request.caller?.name ?? request.remoteAddress)
        if (waitMs > 0) return tooMany(waitMs)
        const selectors = request.query['match[]'] ?? []
        if (selectors.length === 0) throw new AppError('invalid', 'expected match[], such as match[]={job="node"}')
        const found = await queries.newest(selectors, request.signal)
        return exposed(federatedLines(found), formatOf(request), request.signal)
      },
    },
  ]
}

/** Samples come ordered by name; each name is a family of its own. */
function ownLines(found: readonly LatestSample[], queries: QueryService, format: ExpositionFormat): ExpositionEntry[] {
  return found.flatMap(({ name, labels, value }, i) => {
    const sample: ExpositionEntry = { type: 'sample', name, labels, value, at: null }
    return found[i - 1]?.name === name ? [sample] : [...descriptionOf(name, queries, format), sample]
  })
}

function descriptionOf(name: string, queries: QueryService, format: ExpositionFormat): ExpositionEntry[] {
  const [described] = queries.metadata(name)
  const type = isMetricType(described?.type) ? described.type : 'unknown'
  // There, what counts up is named without its ending.
  const metric = format === 'openmetrics' && type === 'counter' ? name.replace(/_total$/, '') : name
  const help: ExpositionEntry[] = described ? [{ type: 'metadata', kind: 'help', metric, text: described.help }] : []
  return [...help, { type: 'metadata', kind: 'type', metric, text: type }]
}

/** As Prometheus federates: without types, for one name may be part of another's family. */
function federatedLines(found: readonly LatestSample[]): ExpositionEntry[] {
  return found.flatMap(({ name, labels, value, at }, i) => {
    // A scraper that honours labels must see that there is no instance, lest it puts its own in.
    const instance = labels['instance'] ?? ''
    const sample: ExpositionEntry = { type: 'sample', name, labels: { ...labels, instance }, value, at }
    const type: ExpositionEntry = { type: 'metadata', kind: 'type', metric: name, text: 'unknown' }
    return found[i - 1]?.name === name ? [sample] : [type, sample]
  })
}

async function exposed(
  entries: readonly ExpositionEntry[],
  format: ExpositionFormat,
  signal: AbortSignal,
): Promise<RouteReply> {
  const end = writeExposition([], format)
  const lineOf = (entry: ExpositionEntry) => {
    const text = writeExposition([entry], format)
    return text.slice(0, text.length - end.length)
  }
  const chunks = await joined(entries, lineOf, signal, { close: end })
  return { headers: { 'content-type': contentTypes[format] }, body: streamOf(chunks) }
}

const contentTypes: Readonly<Record<ExpositionFormat, string>> = {
  text: 'text/plain; version=0.0.4; charset=utf-8',
  openmetrics: 'application/openmetrics-text; version=1.0.0; charset=utf-8',
}

const metricTypes = ['counter', 'gauge', 'summary'] as const
const isMetricType = (type: string | undefined): type is (typeof metricTypes)[number] =>
  metricTypes.some((known) => known === type)

/** OpenMetrics where it is preferred by name. */
function formatOf({ headers }: RouteRequest): ExpositionFormat {
  const wishes = (headers['accept'] ?? '').split(',').map((wish) => {
    const [media = '', ...parameters] = wish.split(';').map((part) => part.trim().toLowerCase())
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2)
    return { media, weight: weight === undefined ? 1 : Number(weight) || 0 }
  })
  const weightOf = (...medias: string[]) =>
    Math.max(0, ...wishes.filter(({ media }) => medias.includes(media)).map(({ weight }) => weight))
  const openMetrics = weightOf('application/openmetrics-text')
  return openMetrics > 0 && openMetrics >= weightOf('text/plain', 'text/*', '*/*') ? 'openmetrics' : 'text'
}
