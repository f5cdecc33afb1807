/**
 * All places of the console, declared once: a link to a place that does not exist does not compile. Addresses live in
 * the fragment, so the same build works from a file, an app protocol and a server.
 */

export const routes = {
  overview: '/',
  host: '/machine',
  checks: '/checks',
  checkNew: '/checks/new',
  check: '/checks/:id',
  checkEdit: '/checks/:id/edit',
  collectors: '/collectors',
  collectorNew: '/collectors/new',
  collector: '/collectors/:id',
  collectorEdit: '/collectors/:id/edit',
  dashboards: '/dashboards',
  dashboard: '/dashboards/:uid',
  explore: '/explore',
  targets: '/targets',
  targetNew: '/targets/new',
  alerts: '/alerts',
  alert: '/alerts/:id',
  rules: '/rules',
  ruleNew: '/rules/new',
  rule: '/rules/:id',
  inbox: '/inbox',
  deliveries: '/deliveries',
  walls: '/walls',
  wallEdit: '/walls/:name',
  wall: '/wall/:name',
  settings: '/settings',
  settingsSection: '/settings/:section',
} as const

export type RouteName = keyof typeof routes

type ParamNames<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | ParamNames<Rest>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never

/** The parameters in a route's path. */
export type RouteParams<R extends RouteName> = { readonly [N in ParamNames<(typeof routes)[R]>]: string }

/** Filters and tabs after `?`; an empty or undefined value is left out. */
export type Query = Readonly<Record<string, string | undefined>>

type HrefArguments<R extends RouteName> = keyof RouteParams<R> extends never
  ? [params?: Record<never, never>, query?: Query]
  : [params: RouteParams<R>, query?: Query]

/** The address of a place: `href('check', { id })`, `href('checks', {}, { state: 'down' })`. */
export function href<R extends RouteName>(route: R, ...[params = {}, query = {}]: HrefArguments<R>): string {
  const values = params as Readonly<Record<string, string>>
  const path = routes[route].replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(values[name] ?? ''))
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value) search.set(name, value)
  return search.size > 0 ? `#${path}?${search}` : `#${path}`
}

export interface Place {
  readonly route: RouteName
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
}

/** The place of a fragment such as `#/checks/7?tab=latency`; null when there is none. Fixed paths win over parameters. */
export function placeOf(hash: string): Place | null {
  const [path = '', search = ''] = hash.replace(/^#/, '').split('?', 2)
  const segments = segmentsOf(path)
  for (const route of byFixedFirst) {
    const params = match(segmentsOf(routes[route]), segments)
    if (params) return { route, params, query: new URLSearchParams(search) }
  }
  return null
}

// Object.keys of a constant record gives exactly its own names.
const byFixedFirst = (Object.keys(routes) as RouteName[]).sort(
  (a, b) => Number(routes[a].includes(':')) - Number(routes[b].includes(':')),
)

const segmentsOf = (path: string) => path.split('/').filter((segment) => segment !== '')

function match(pattern: readonly string[], segments: readonly string[]): Record<string, string> | null {
  if (pattern.length !== segments.length) return null
  const params: Record<string, string> = {}
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index] ?? ''
    if (part.startsWith(':')) {
      const value = decoded(segment)
      if (value === null) return null
      params[part.slice(1)] = value
    } else if (part !== segment) return null
  }
  return params
}

function decoded(segment: string): string | null {
  try {
    return decodeURIComponent(segment)
  } catch {
    // A broken escape names no place.
    return null
  }
}
