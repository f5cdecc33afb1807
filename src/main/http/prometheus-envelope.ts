/**
 * Prometheus's HTTP API speaks in an envelope of its own, errors included. Sources:
 * https://prometheus.io/docs/prometheus/latest/querying/api/ and prometheus/web/api/v1/api.go.
 */
import type { AppError, ErrorCode } from '#shared/contract/errors.ts'
import type { RouteReply } from './route.ts'

export type PrometheusErrorType =
  | 'bad_data'
  | 'execution'
  | 'timeout'
  | 'canceled'
  | 'not_found'
  | 'unavailable'
  | 'internal'
  | 'unauthorized'
  | 'forbidden'
  | 'too_many_requests'

export interface PrometheusFailure {
  readonly status: 'error'
  readonly errorType: PrometheusErrorType
  readonly error: string
}

/** `warnings` and `infos` are left out where there are none. */
export function prometheusSuccess(
  data: unknown,
  { warnings = [], infos = [] }: { readonly warnings?: readonly string[]; readonly infos?: readonly string[] } = {},
): RouteReply {
  return {
    body: {
      status: 'success',
      data,
      ...(warnings.length > 0 ? { warnings } : {}),
      ...(infos.length > 0 ? { infos } : {}),
    },
  }
}

/** As the listener answers failures of routes in this dialect: handlers just throw. */
export function prometheusFailure(error: AppError): RouteReply {
  const { status, errorType } = failures[error.code]
  const body: PrometheusFailure = { status: 'error', errorType, error: error.message }
  return { status, body }
}

const failures: Readonly<Record<ErrorCode, { readonly status: number; readonly errorType: PrometheusErrorType }>> = {
  invalid: { status: 400, errorType: 'bad_data' },
  unauthenticated: { status: 401, errorType: 'unauthorized' },
  forbidden: { status: 403, errorType: 'forbidden' },
  'not-found': { status: 404, errorType: 'not_found' },
  conflict: { status: 409, errorType: 'execution' },
  // Prometheus answers a query that meets a limit as one that failed while it ran.
  'too-large': { status: 422, errorType: 'execution' },
  unprocessable: { status: 422, errorType: 'execution' },
  'too-many': { status: 429, errorType: 'too_many_requests' },
  unavailable: { status: 503, errorType: 'unavailable' },
  timeout: { status: 503, errorType: 'timeout' },
  closed: { status: 503, errorType: 'canceled' },
  internal: { status: 500, errorType: 'internal' },
}
