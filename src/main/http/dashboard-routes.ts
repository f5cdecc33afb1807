/** Dashboards over REST: read only; programs that change them use the calls themselves. */
import { overCall, type Route } from './route.ts'

export function dashboardRoutes(now: () => number): Route[] {
  const path = '/api/monitoring/dashboards'
  return [
    overCall({ method: 'GET', path, call: 'dashboards.list', input: () => ({}) }, now),
    overCall(
      { method: 'GET', path: `${path}/{uid}`, call: 'dashboards.get', input: ({ params }) => ({ uid: params['uid'] }) },
      now,
    ),
  ]
}
