/**
 * Prometheus's HTTP API for queries: what Grafana's data source and promtool ask. The same parameters, answers, failures
 * and status codes. Source: https://prometheus.io/docs/prometheus/latest/querying/api/.
 */
import type { Answer, QueryService, Selection } from '#main/query/query-service.ts'
import { AppError } from '#shared/contract/errors.ts'
import { prometheusSuccess } from './prometheus-envelope.ts'
import { type Parameters, parametersOf } from './prometheus-parameters.ts'
import type { RateLimit } from './rate-limit.ts'
import type { Route, RouteReply, RouteRequest } from './route.ts'
import { joined, streamOf } from './text-chunks.ts'

export interface PrometheusRouteOptions {
  readonly queries: QueryService
  readonly rateLimit: RateLimit
}

type Answering = (parameters: Parameters, request: RouteRequest) => Promise<RouteReply>

export function prometheusRoutes({ queries, rateLimit }: PrometheusRouteOptions): Route[] {
  /** By GET, and with a form by POST where a query may be too long for an address. */
  const route = (path: string, summary: string, answer: Answering, methods: readonly ('GET' | 'POST')[]): Route[] =>
    methods.map((method) => ({
      ...{ method, path, summary },
      access: 'viewer',
      dialect: 'prometheus',
      form: method === 'POST',
      async handle(request) {
        const waitMs = rateLimit.take(askerOf(request))
        return waitMs > 0 ? tooMany(waitMs) : answer(parametersOf(request), request)
      },
    }))
  const both = ['GET', 'POST'] as const
  const get = ['GET'] as const

  return [
    ...route(
      '/api/v1/query',
      'A PromQL expression at an instant, as Prometheus answers it',
      async (parameters, { signal }) => {
        const question = {
          expr: queryOf(parameters),
          at: parameters.instant('time'),
          timeoutMs: timeoutOf(parameters),
        }
        return answered(await queries.instant(question, 'json', signal))
      },
      both,
    ),
    ...route(
      '/api/v1/query_range',
      'A PromQL expression over a range, as Prometheus answers it',
      async (parameters, { signal }) => {
        const question = {
          expr: queryOf(parameters),
          from: needed(parameters.instant('start'), 'start'),
          to: needed(parameters.instant('end'), 'end'),
          stepMs: needed(parameters.durationMs('step'), 'step'),
          timeoutMs: timeoutOf(parameters),
        }
        return answered(await queries.range(question, 'json', signal))
      },
      both,
    ),
    ...route(
      '/api/v1/series',
      'Labels of series that match, as Prometheus answers it',
      async (parameters, { signal }) => {
        const selection = selectionOf(parameters)
        if (selection.selectors.length === 0) throw new AppError('invalid', 'no match[] parameter provided')
        const found = await queries.series(selection, limitOf(parameters), signal)
        return listed(found, ({ name, labels }) => JSON.stringify({ __name__: name, ...labels }), signal)
      },
      both,
    ),
    ...route(
      '/api/v1/labels',
      'Names of labels, as Prometheus answers it',
      async (parameters, { signal }) => {
        const names = await queries.labelNames(selectionOf(parameters), signal)
        return listed(names.slice(0, limitOf(parameters)), (name) => JSON.stringify(name), signal)
      },
      both,
    ),
    ...route(
      '/api/v1/label/{name}/values',
      'Values of a label, as Prometheus answers it',
      async (parameters, { params, signal }) => {
        const label = params['name'] ?? ''
        if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label)) throw new AppError('invalid', `invalid label name: "${label}"`)
        const values = await queries.labelValues(label, selectionOf(parameters), signal)
        return listed(values.slice(0, limitOf(parameters)), (value) => JSON.stringify(value), signal)
      },
      get,
    ),
    ...route(
      '/api/v1/metadata',
      'Type, help and unit of metrics, as Prometheus answers it',
      async (parameters, { signal }) => {
        const found = queries.metadata(parameters.text('metric') || null).slice(0, limitOf(parameters))
        const entry = ({ metric, type, help, unit }: (typeof found)[number]) =>
          `${JSON.stringify(metric)}:${JSON.stringify([{ type: type === 'untyped' ? 'unknown' : type, help, unit }])}`
        return listed(found, entry, signal, ['{', '}'])
      },
      get,
    ),
    ...route(
      '/api/v1/format_query',
      'A PromQL expression, formatted',
      async (parameters, { signal }) => {
        const { formatted } = await queries.written(queryOf(parameters), signal)
        return prometheusSuccess(formatted)
      },
      both,
    ),
    ...route(
      '/api/v1/parse_query',
      'A PromQL expression as a tree',
      async (parameters, { signal }) => {
        const { tree } = await queries.written(queryOf(parameters), signal)
        return prometheusSuccess(tree)
      },
      both,
    ),
    ...route(
      '/api/v1/query_exemplars',
      'Exemplars: none are stored',
      async (parameters, { signal }) => {
        const { problems } = await queries.check(queryOf(parameters), signal)
        const [problem] = problems
        if (problem) throw new AppError('invalid', problem.message)
        return prometheusSuccess([])
      },
      both,
    ),
  ]
}

/** Programs by their token, wherever they come from; people by their address. */
function askerOf({ caller, remoteAddress }: RouteRequest): string {
  return caller?.name.startsWith('token:') ? caller.name : remoteAddress
}

export function tooMany(waitMs: number): RouteReply {
  const seconds = Math.ceil(waitMs / 1000)
  return {
    status: 429,
    headers: { 'retry-after': String(seconds) },
    body: {
      status: 'error',
      errorType: 'too_many_requests',
      error: `More queries came than query.perMinute allows; ask again in ${seconds} s.`,
    },
  }
}

function queryOf(parameters: Parameters): string {
  const expr = parameters.text('query')
  if (expr.trim() === '')
    throw new AppError('invalid', 'invalid parameter "query": expected an expression, got nothing')
  return expr
}

function needed(value: number | null, name: string): number {
  if (value === null) throw new AppError('invalid', `invalid parameter "${name}": it is missing`)
  return value
}

function timeoutOf(parameters: Parameters): number | undefined {
  const timeoutMs = parameters.durationMs('timeout')
  if (timeoutMs !== null && timeoutMs <= 0) {
    throw new AppError('invalid', 'invalid parameter "timeout": expected a time above 0')
  }
  return timeoutMs ?? undefined
}

/** Of `match[]`, `start` and `end`. */
function selectionOf(parameters: Parameters): Selection {
  const selection = {
    selectors: parameters.all('match[]'),
    from: parameters.instant('start'),
    to: parameters.instant('end'),
  }
  if (selection.from !== null && selection.to !== null && selection.to < selection.from) {
    throw new AppError('invalid', 'invalid parameter "end": expected an instant that is not before "start"')
  }
  if (selection.selectors.length > mostSelectors) {
    throw new AppError(
      'invalid',
      `expected at most ${mostSelectors} match[] parameters, got ${selection.selectors.length}`,
    )
  }
  return selection
}

const mostSelectors = 1000

/** 0 is no limit, as there. */
function limitOf(parameters: Parameters): number {
  return parameters.count('limit') || Number.POSITIVE_INFINITY
}

/** The worker's bytes in the envelope. Which tier answered stands in a header, and as an `info` where it was not raw. */
function answered({ result, tier, warnings, infos: notes }: Answer): RouteReply {
  if (result.form !== 'json') throw new Error(`expected an answer as JSON, got ${result.form}`)
  const infos = tier === 'raw' ? notes : [`Answered from ${tier} summaries.`, ...notes]
  const rest = [
    warnings.length > 0 ? `,"warnings":${JSON.stringify(warnings)}` : '',
    infos.length > 0 ? `,"infos":${JSON.stringify(infos)}` : '',
  ]
  return inEnvelope(result.chunks, rest.join(''), { 'x-belfry-tier': tier })
}

async function listed<T>(
  items: readonly T[],
  textOf: (item: T) => string,
  signal: AbortSignal,
  [open, close] = ['[', ']'],
): Promise<RouteReply> {
  return inEnvelope(await joined(items, textOf, signal, { open, close, between: ',' }))
}

function inEnvelope(chunks: readonly Uint8Array[], rest = '', headers: Record<string, string> = {}): RouteReply {
  const encoder = new TextEncoder()
  const all = [encoder.encode('{"status":"success","data":'), ...chunks, encoder.encode(`${rest}}`)]
  return { headers: { 'content-type': 'application/json', ...headers }, body: streamOf(all) }
}
