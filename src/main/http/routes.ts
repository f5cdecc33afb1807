/** The route table of the console listener: whatever it answers is declared here, and nothing else is answered. */

import type { PingDoor } from '#main/checks/heartbeat/ping-book.ts'
import type { Clock } from '#main/ports.ts'
import type { QueryService } from '#main/query/query-service.ts'
import { alertRoutes } from './alert-routes.ts'
import { checkRoutes } from './check-routes.ts'
import { dashboardRoutes } from './dashboard-routes.ts'
import { expositionRoutes } from './exposition-routes.ts'
import { healthRoutes } from './health-routes.ts'
import { metricRoutes } from './metric-routes.ts'
import { openApiOf } from './openapi.ts'
import { overviewRoutes } from './overview-routes.ts'
import type { PageFile } from './page-files.ts'
import { pageRoutes } from './page-routes.ts'
import { pingRoutes } from './ping-routes.ts'
import { prometheusRoutes } from './prometheus-routes.ts'
import { prometheusRuleRoutes } from './prometheus-rule-routes.ts'
import { prometheusStatusRoutes } from './prometheus-status-routes.ts'
import { createRateLimit } from './rate-limit.ts'
import type { Route } from './route.ts'
import { rpcRoutes } from './rpc-routes.ts'
import { scrapeRoutes } from './scrape-routes.ts'
import { type SessionRouteOptions, sessionRoutes } from './session-routes.ts'
import { wallRoutes } from './wall-routes.ts'

export interface RouteOptions extends SessionRouteOptions {
  readonly version: string
  readonly pings: Pick<PingDoor, 'receive'>
  readonly pageFiles: readonly PageFile[]
  readonly queries: QueryService
  readonly clock: Clock
}

export function consoleRoutes(options: RouteOptions): Route[] {
  const { now, pageFiles, isSecure, version, queries } = options
  const rateLimit = createRateLimit(options.clock, () => queries.limits().perMinute)
  const routes = [
    ...healthRoutes(now),
    ...sessionRoutes(options),
    ...checkRoutes(now),
    ...alertRoutes(now),
    ...metricRoutes(now),
    ...overviewRoutes(now),
    ...scrapeRoutes(),
    ...prometheusRuleRoutes(),
    ...dashboardRoutes(now),
    ...prometheusRoutes({ queries, rateLimit }),
    ...prometheusStatusRoutes({ queries }),
    ...expositionRoutes({ queries, rateLimit }),
    ...pingRoutes(options.pings),
    ...rpcRoutes(),
    ...pageRoutes(pageFiles, isSecure ? 'wss' : 'ws'),
    ...wallRoutes(options),
  ]
  return [...routes, openApiRoute(routes, version)]
}

function openApiRoute(routes: readonly Route[], version: string): Route {
  const document = openApiOf(routes, version)
  return {
    method: 'GET',
    path: '/api/openapi.json',
    access: 'viewer',
    summary: null,
    handle: async () => ({ body: document }),
  }
}
