/**
 * Every route of the console listener, by everyone who may come: one declared expectation. A route that is added
 * without saying here who may use it fails this test.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { consoleRoutes } from '#main/http/routes.ts'
import type { Role } from '#shared/contract/define.ts'
import { type TestListener, testListener } from './listener.ts'

/** Who may use a route: everybody, or the least role. RPC routes follow the contract and are not repeated here. */
const expectedAccess: Readonly<Record<string, Role | 'public'>> = {
  'GET /': 'public',
  'GET /assets/app-1a2b.js': 'public',
  'GET /login': 'public',
  'GET /health': 'public',
  'GET /health/live': 'public',
  'GET /health/ready': 'public',
  'GET /health/detailed': 'viewer',
  'GET /health/system': 'viewer',
  'GET /api/session': 'wall',
  'DELETE /api/session': 'viewer',
  'GET /api/openapi.json': 'viewer',
  'GET /api/monitoring/synthetic/checks': 'viewer',
  'POST /api/monitoring/synthetic/checks': 'operator',
  'GET /api/monitoring/synthetic/checks/{id}': 'viewer',
  'PUT /api/monitoring/synthetic/checks/{id}': 'operator',
  'DELETE /api/monitoring/synthetic/checks/{id}': 'operator',
  'POST /api/monitoring/synthetic/checks/{id}/run': 'operator',
  'GET /api/monitoring/synthetic/results': 'viewer',
  'GET /api/monitoring/alerts': 'viewer',
  'GET /api/monitoring/alerts/{id}': 'viewer',
  'POST /api/monitoring/alerts/{id}/ack': 'operator',
  'POST /api/monitoring/alerts/{id}/snooze': 'operator',
  'POST /api/monitoring/alerts/{id}/resolve': 'operator',
  'GET /api/monitoring/alerts/rules': 'viewer',
  'POST /api/monitoring/alerts/rules': 'operator',
  'POST /api/monitoring/alerts/rules/backtest': 'viewer',
  'PUT /api/monitoring/alerts/rules/{id}': 'operator',
  'DELETE /api/monitoring/alerts/rules/{id}': 'operator',
  'GET /api/monitoring/health/dashboard': 'viewer',
  'GET /api/monitoring/health/checks': 'viewer',
  'GET /api/monitoring/dashboard/metrics': 'viewer',
  'GET /api/monitoring/dashboard/alerts': 'viewer',
  'GET /api/monitoring/dashboard/widget/{id}': 'viewer',
  'GET /api/monitoring/metrics': 'viewer',
  'GET /api/v1/query': 'viewer',
  'POST /api/v1/query': 'viewer',
  'GET /api/v1/query_range': 'viewer',
  'POST /api/v1/query_range': 'viewer',
  'GET /api/v1/series': 'viewer',
  'POST /api/v1/series': 'viewer',
  'GET /api/v1/labels': 'viewer',
  'POST /api/v1/labels': 'viewer',
  'GET /api/v1/label/{name}/values': 'viewer',
  'GET /api/v1/metadata': 'viewer',
  'GET /api/v1/format_query': 'viewer',
  'POST /api/v1/format_query': 'viewer',
  'GET /api/v1/parse_query': 'viewer',
  'POST /api/v1/parse_query': 'viewer',
  'GET /api/v1/query_exemplars': 'viewer',
  'POST /api/v1/query_exemplars': 'viewer',
  'GET /api/v1/status/buildinfo': 'viewer',
  'GET /api/v1/status/runtimeinfo': 'viewer',
  'GET /api/v1/status/flags': 'viewer',
  'GET /api/v1/status/config': 'viewer',
  'GET /api/v1/status/tsdb': 'viewer',
  'GET /metrics': 'viewer',
  'GET /federate': 'viewer',
  'POST /api/rpc/absence.report': 'viewer',
  'POST /api/rpc/console.info': 'viewer',
  'POST /api/rpc/console.health': 'viewer',
  'POST /api/rpc/console.notices': 'viewer',
  'POST /api/rpc/host.facts': 'viewer',
  'POST /api/rpc/host.processes': 'viewer',
  'POST /api/rpc/host.collectors': 'viewer',
  'GET /api/monitoring/dashboards': 'viewer',
  'GET /api/monitoring/dashboards/{uid}': 'viewer',
  'POST /api/rpc/dashboards.list': 'viewer',
  'POST /api/rpc/dashboards.get': 'viewer',
  'POST /api/rpc/dashboards.save': 'operator',
  'POST /api/rpc/dashboards.create': 'operator',
  'POST /api/rpc/dashboards.duplicate': 'operator',
  'POST /api/rpc/dashboards.remove': 'operator',
  'POST /api/rpc/dashboards.revisions': 'viewer',
  'POST /api/rpc/dashboards.removed': 'viewer',
  'POST /api/rpc/dashboards.restore': 'operator',
  'POST /api/rpc/dashboards.import': 'operator',
  'POST /api/rpc/dashboards.exportJson': 'viewer',
  'POST /api/rpc/dashboards.export': 'viewer',
  'POST /api/rpc/metrics.query': 'viewer',
  'POST /api/rpc/metrics.latest': 'viewer',
  'POST /api/rpc/metrics.names': 'viewer',
  'POST /api/rpc/query.range': 'viewer',
  'POST /api/rpc/query.instant': 'viewer',
  'POST /api/rpc/query.check': 'viewer',
  'POST /api/rpc/query.labelNames': 'viewer',
  'POST /api/rpc/query.labelValues': 'viewer',
  'POST /api/rpc/query.series': 'viewer',
  'POST /api/rpc/query.metadata': 'viewer',
  'POST /api/rpc/checks.kinds': 'viewer',
  'POST /api/rpc/checks.list': 'viewer',
  'POST /api/rpc/checks.get': 'viewer',
  'POST /api/rpc/checks.definition': 'operator',
  'POST /api/rpc/checks.guess': 'viewer',
  'POST /api/rpc/checks.save': 'operator',
  'POST /api/rpc/checks.remove': 'operator',
  'POST /api/rpc/checks.setEnabled': 'operator',
  'POST /api/rpc/checks.run': 'operator',
  'POST /api/rpc/checks.try': 'operator',
  'POST /api/rpc/checks.histories': 'viewer',
  'POST /api/rpc/checks.timeline': 'viewer',
  'POST /api/rpc/checks.results': 'viewer',
  'POST /api/rpc/checks.groups': 'viewer',
  'POST /api/rpc/checks.editMany': 'operator',
  'POST /api/rpc/collectors.kinds': 'viewer',
  'POST /api/rpc/collectors.list': 'viewer',
  'POST /api/rpc/collectors.get': 'viewer',
  'POST /api/rpc/collectors.latest': 'viewer',
  'POST /api/rpc/collectors.definition': 'operator',
  'POST /api/rpc/collectors.detect': 'operator',
  'POST /api/rpc/collectors.save': 'operator',
  'POST /api/rpc/collectors.remove': 'operator',
  'POST /api/rpc/collectors.setEnabled': 'operator',
  'POST /api/rpc/collectors.run': 'operator',
  'POST /api/rpc/collectors.try': 'operator',
  'POST /api/rpc/config.problems': 'viewer',
  'POST /api/rpc/config.source': 'admin',
  'POST /api/rpc/config.exportAll': 'admin',
  'POST /api/rpc/config.schema': 'viewer',
  'POST /api/rpc/config.preview': 'operator',
  'POST /api/rpc/config.edits': 'operator',
  'POST /api/rpc/config.undo': 'operator',
  'POST /api/rpc/secrets.list': 'admin',
  'POST /api/rpc/secrets.set': 'admin',
  'POST /api/rpc/secrets.remove': 'admin',
  'POST /api/rpc/probes.pingDoor': 'viewer',
  'POST /api/rpc/probes.pings': 'viewer',
  'POST /api/rpc/probes.picture': 'viewer',
  'POST /api/rpc/probes.import': 'viewer',
  'GET /ping/{id}': 'public',
  'GET /ping/{id}/{signal}': 'public',
  'POST /ping/{id}': 'public',
  'POST /ping/{id}/{signal}': 'public',
  'PUT /ping/{id}': 'public',
  'PUT /ping/{id}/{signal}': 'public',
  'POST /api/rpc/alerts.list': 'viewer',
  'POST /api/rpc/alerts.get': 'viewer',
  'POST /api/rpc/alerts.acknowledge': 'operator',
  'POST /api/rpc/alerts.unacknowledge': 'operator',
  'POST /api/rpc/alerts.snooze': 'operator',
  'POST /api/rpc/alerts.unsnooze': 'operator',
  'POST /api/rpc/alerts.resolve': 'operator',
  'GET /api/v1/rules': 'viewer',
  'GET /api/v1/alerts': 'viewer',
  'POST /api/rpc/rules.list': 'viewer',
  'POST /api/rpc/rules.groups': 'viewer',
  'POST /api/rpc/rules.backtest': 'viewer',
  'POST /api/rpc/rules.preview': 'operator',
  'POST /api/rpc/rules.save': 'operator',
  'POST /api/rpc/rules.remove': 'operator',
  'POST /api/rpc/rules.setEnabled': 'operator',
  'POST /api/rpc/rules.test': 'viewer',
  'POST /api/rpc/inbox.list': 'viewer',
  'POST /api/rpc/inbox.markRead': 'operator',
  'POST /api/rpc/notify.channels': 'viewer',
  'POST /api/rpc/notify.test': 'operator',
  'POST /api/rpc/notify.deliveries': 'viewer',
  'POST /api/rpc/settings.get': 'viewer',
  'POST /api/rpc/settings.save': 'admin',
  'POST /api/rpc/settings.storage': 'viewer',
  'POST /api/rpc/tokens.list': 'admin',
  'POST /api/rpc/tokens.create': 'admin',
  'POST /api/rpc/tokens.revoke': 'admin',
  'POST /api/rpc/audit.list': 'admin',
  'POST /api/rpc/audit.verify': 'admin',
  'POST /api/rpc/audit.export': 'admin',
  'POST /api/rpc/backup.status': 'admin',
  'POST /api/rpc/backup.create': 'admin',
  'POST /api/rpc/backup.cancel': 'admin',
  'POST /api/rpc/backup.verify': 'admin',
  'POST /api/rpc/backup.remove': 'admin',
  'POST /api/rpc/backup.preview': 'admin',
  'POST /api/rpc/backup.restore': 'admin',
  'POST /api/rpc/backup.cancelRestore': 'admin',
  'POST /api/rpc/console.restart': 'admin',
  'POST /api/rpc/console.dismissNotice': 'operator',
  'POST /api/rpc/doctor.examine': 'admin',
  'POST /api/rpc/storage.outlook': 'viewer',
  'GET /wall/{name}': 'public',
  'GET /wall/{name}/open': 'public',
  'GET /api/v1/targets': 'viewer',
  'GET /api/v1/targets/metadata': 'viewer',
  'POST /api/rpc/scrape.targets': 'viewer',
  'POST /api/rpc/scrape.metadata': 'viewer',
  'POST /api/rpc/scrape.scrapeNow': 'operator',
  'POST /api/rpc/scrape.reload': 'operator',
  'POST /api/rpc/scrape.try': 'operator',
  'POST /api/rpc/scrape.add': 'admin',
  'POST /api/rpc/walls.list': 'viewer',
  'POST /api/rpc/walls.save': 'operator',
  'POST /api/rpc/walls.remove': 'operator',
  'POST /api/rpc/walls.view': 'wall',
  'POST /api/rpc/walls.preview': 'viewer',
  'POST /api/rpc/walls.link': 'admin',
  'POST /api/rpc/walls.displays': 'viewer',
  'POST /api/rpc/walls.show': 'operator',
}

/** Who comes, and what they are told: 'in' means that the route itself answered, whatever it said. */
const visitors = {
  'no token': { public: 'in', wall: 401, viewer: 401, operator: 401, admin: 401 },
  'a wrong token': { public: 'in', wall: 401, viewer: 401, operator: 401, admin: 401 },
  'a screen with a wall link': { public: 'in', wall: 'in', viewer: 403, operator: 403, admin: 403 },
  viewer: { public: 'in', wall: 'in', viewer: 'in', operator: 403, admin: 403 },
  operator: { public: 'in', wall: 'in', viewer: 'in', operator: 'in', admin: 403 },
  admin: { public: 'in', wall: 'in', viewer: 'in', operator: 'in', admin: 'in' },
  'admin at a wrong host': { public: 403, wall: 403, viewer: 403, operator: 403, admin: 403 },
  'admin from a foreign page': { public: 403, wall: 403, viewer: 403, operator: 403, admin: 403 },
  'session from its own page': { public: 'in', wall: 'in', viewer: 'in', operator: 'in', admin: 'in' },
} as const
type Visitor = keyof typeof visitors

let served: TestListener
let cookie = ''

beforeAll(async () => {
  served = await testListener()
  cookie = await served.login()
})
afterAll(() => served.close())

function headersOf(visitor: Visitor): Record<string, string> {
  const { tokens, origin } = served
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
  switch (visitor) {
    case 'no token':
      return {}
    case 'a wrong token':
      return bearer('belfry_wrong')
    case 'a screen with a wall link':
      return { cookie: served.wallCookie, origin, 'x-belfry-csrf': '1' }
    case 'viewer':
    case 'operator':
    case 'admin':
      return bearer(tokens[visitor])
    case 'admin at a wrong host':
      return { ...bearer(tokens.admin), host: `belfry.attacker.example:${served.listener.port}` }
    case 'admin from a foreign page':
      return { ...bearer(tokens.admin), origin: 'https://attacker.example' }
    case 'session from its own page':
      return { cookie, origin, 'x-belfry-csrf': '1' }
  }
}

const declared = consoleRoutes({
  access: {} as never,
  loginKeys: {} as never,
  attempts: {} as never,
  cookieName: '',
  wallCookieName: '',
  isSecure: false,
  now: () => 0,
  version: '',
  pings: { receive: async () => {} },
  queries: {} as never,
  clock: {} as never,
  pageFiles: ['/', '/assets/app-1a2b.js'].map((path) => ({ path }) as never),
})

describe('the route table', () => {
  it('holds exactly the routes that are expected here, each with its access', () => {
    const found = Object.fromEntries(declared.map((route) => [`${route.method} ${route.path}`, route.access]))
    expect(found).toEqual(expectedAccess)
    expect(declared).toHaveLength(Object.keys(expectedAccess).length)
  })

  // The session ends its own session at this route, so it comes last.
  const rows = Object.entries(expectedAccess).sort(([a], [b]) => Number(a === endSession) - Number(b === endSession))
  it.each(rows)('lets in to %s whoever may (%s), and nobody else', async (row, access) => {
    const [method = '', path = ''] = row.split(' ')
    for (const visitor of Object.keys(visitors) as Visitor[]) {
      const { status } = await served.ask(path.replace('{id}', 'some-id').replace('{name}', 'lobby'), {
        method,
        headers: headersOf(visitor),
      })
      // A login without a key is refused by the route itself, with 400; handlers that are not there fail with 500.
      const told = status === 401 || status === 403 || status === 429 ? status : 'in'
      const expected = visitors[visitor][access]
      expect({ visitor, told: told === 429 ? 401 : told }).toEqual({ visitor, told: expected })
    }
  })
})

const endSession = 'DELETE /api/session'

describe('what is not in the table', () => {
  it.each(['/%zz', '/api/%c3', '/api/monitoring/alerts/%ff'])(
    '%s, which is no address, is answered as the rest is',
    async (path) => {
      const foreign = await served.ask(path, { headers: { host: 'attacker.example' } })
      expect(foreign.status).toBe(403)
      const stranger = await served.ask(path)
      expect(stranger.status).toBe(401)
      expect(stranger.headers['x-content-type-options']).toBe('nosniff')
      const known = await served.askAsOperator(path)
      expect(known.status).toBe(404)
      expect(known.json()).toEqual({ error: { code: 'not-found', message: 'There is nothing at this address.' } })
    },
  )

  it('may not be looked at by HEAD either', async () => {
    expect((await served.ask('/api/session', { method: 'HEAD' })).status).toBe(401)
    expect((await served.ask('/api/session', { method: 'HEAD', headers: { host: 'attacker.example' } })).status).toBe(
      403,
    )
  })

  it.each([
    ['GET', '/nothing'],
    ['GET', '/api/nothing'],
    ['POST', '/api/rpc/no.such'],
    ['POST', '/api/rpc/__proto__'],
    ['GET', '/api/rpc/checks.list'],
    ['GET', '/assets/../../package.json'],
    ['GET', '/assets/%2e%2e/%2e%2e/package.json'],
    ['GET', '/index.html'],
    ['PATCH', '/api/monitoring/alerts'],
    ['OPTIONS', '/api/monitoring/alerts'],
  ])('%s %s is 401 to a stranger and 404 to a caller', async (method, path) => {
    expect((await served.ask(path, { method })).status).toBe(401)
    const known = await served.askAsOperator(path, { method })
    expect(known.status).toBe(404)
    expect(known.json()).toEqual({ error: { code: 'not-found', message: 'There is nothing at this address.' } })
  })
})
