/** Prometheus's HTTP API as its clients use it: the calls of Grafana's data source, promtool, and what is sent wrongly. */
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OpenQueries, openQueries, stalledHarness } from '../query/queries.ts'
import { settle } from '../support/fake-time.ts'
import { type TestListener, testListener } from './listener.ts'

const second = 1000

let opened: OpenQueries
let served: TestListener
/** Epoch seconds of the newest sample. */
let now = 0

beforeAll(async () => {
  opened = await openQueries()
  await opened.record(
    [
      ['requests_total', { job: 'web', instance: 'a' }, (n) => n * 10],
      ['requests_total', { job: 'web', instance: 'b' }, (n) => n * 30],
      ['belfry_samples_appended_total', {}, (n) => n],
      ['belfry_event_loop_delay_seconds', { quantile: '0.99' }, () => 0.00000025],
      ['odd', { text: 'a "quote"\nand a \\' }, (n) => (n % 2 === 0 ? Number.NaN : Number.NEGATIVE_INFINITY)],
    ],
    { count: 61, everyMs: 10 * second },
  )
  opened.metadata.put('requests_total', { type: 'counter', help: 'All requests.', unit: '' })
  opened.metadata.put('belfry_samples_appended_total', { type: 'counter', help: 'Samples taken.', unit: '' })
  opened.metadata.put('belfry_event_loop_delay_seconds', { type: 'summary', help: 'How late.', unit: 'seconds' })
  now = (opened.startedAt + 600 * second) / 1000
  served = await testListener(
    {
      'console.info': () => ({
        ...{ version: '1.2.3', host: 'headless', platform: 'linux', hostname: 'here', startedAt: 0, now: 0 },
        ...{ dataDir: '', configFile: '', caller: { name: 'x', role: 'viewer' as const } },
      }),
    },
    {},
    opened.queries,
  )
})
afterAll(async () => {
  await served.close()
  await opened.close()
})

const viewer = () => ({ authorization: `Bearer ${served.tokens.viewer}` })
const get = (path: string, headers: Record<string, string> = {}) =>
  served.ask(path, { headers: { ...viewer(), ...headers } })
const post = (path: string, fields: Record<string, string> | readonly (readonly [string, string])[]) =>
  served.ask(path, {
    method: 'POST',
    headers: { ...viewer(), 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields as Record<string, string>).toString(),
  })

describe("what Grafana's data source asks", () => {
  it('is a range, by a form', async () => {
    const answer = await post('/api/v1/query_range', {
      query: 'sum by (job) (rate(requests_total[1m]))',
      ...{ start: String(now - 60), end: String(now), step: '30' },
    })
    expect(answer.status).toBe(200)
    expect(answer.headers['content-type']).toBe('application/json')
    expect(answer.headers['x-belfry-tier']).toBe('raw')
    expect(answer.json()).toEqual({
      status: 'success',
      data: {
        resultType: 'matrix',
        result: [{ metric: { job: 'web' }, values: [now - 60, now - 30, now].map((at) => [at, '4']) }],
      },
    })
  })

  it('is an instant, by a form or in the address, with values as text', async () => {
    const fields = { query: 'odd', time: new Date(now * 1000).toISOString() }
    const expected = {
      status: 'success',
      data: {
        resultType: 'vector',
        result: [{ metric: { __name__: 'odd', text: 'a "quote"\nand a \\' }, value: [now, 'NaN'] }],
      },
    }
    expect((await post('/api/v1/query', fields)).json()).toEqual(expected)
    expect((await get(`/api/v1/query?${new URLSearchParams(fields)}`)).json()).toEqual(expected)
    expect((await post('/api/v1/query', { query: '1/0', time: '12.5' })).json()).toMatchObject({
      data: { resultType: 'scalar', result: [12.5, '+Inf'] },
    })
    expect((await post('/api/v1/query', { query: '"x"', time: '0' })).json()).toMatchObject({
      data: { resultType: 'string', result: [0, 'x'] },
    })
    expect((await post('/api/v1/query', { query: 'odd[15s]', time: String(now) })).json()).toMatchObject({
      data: {
        resultType: 'matrix',
        result: [
          {
            values: [
              [now - 10, '-Inf'],
              [now, 'NaN'],
            ],
          },
        ],
      },
    })
  })

  it('is names and values of labels, series and metadata', async () => {
    const range = { start: String(now - 600), end: String(now) }
    expect((await post('/api/v1/labels', range)).json()).toEqual({
      status: 'success',
      data: ['__name__', 'instance', 'job', 'quantile', 'text'],
    })
    const matched = new URLSearchParams({ ...range, 'match[]': 'requests_total' })
    expect((await get(`/api/v1/labels?${matched}`)).json()).toMatchObject({ data: ['__name__', 'instance', 'job'] })
    expect((await get(`/api/v1/label/instance/values?${matched}`)).json()).toMatchObject({ data: ['a', 'b'] })
    expect((await post('/api/v1/series', { ...range, 'match[]': '{instance="b"}' })).json()).toEqual({
      status: 'success',
      data: [{ __name__: 'requests_total', instance: 'b', job: 'web' }],
    })
    expect((await get('/api/v1/metadata?metric=requests_total')).json()).toEqual({
      status: 'success',
      data: { requests_total: [{ type: 'counter', help: 'All requests.', unit: '' }] },
    })
    expect((await get('/api/v1/query_exemplars?query=up&start=0&end=1')).json()).toEqual({
      status: 'success',
      data: [],
    })
  })

  it('is which version it speaks with', async () => {
    const answer = (await get('/api/v1/status/buildinfo')).json<{ data: { version: string; revision: string } }>()
    expect(answer.data).toMatchObject({ version: '2.42.0', revision: 'belfry-1.2.3' })
    const tsdb = await get('/api/v1/status/tsdb?limit=1')
    expect(tsdb.json()).toMatchObject({
      data: { headStats: { numSeries: 5 }, seriesCountByMetricName: [{ name: 'requests_total', value: 2 }] },
    })
  })
})

describe('an expression', () => {
  it('comes back formatted, and as a tree', async () => {
    const query = 'sum by(job)(rate( up{a="b"}[5m] offset 1h))>bool on(job)group_left() 2*(x)'
    expect((await post('/api/v1/format_query', { query })).json()).toEqual({
      status: 'success',
      data: 'sum by (job) (rate(up{a="b"}[5m] offset 1h)) > bool on (job) group_left () 2 * (x)',
    })
    expect((await get(`/api/v1/parse_query?${new URLSearchParams({ query: '-up[5m:] @ end()' })}`)).status).toBe(400)
    expect((await post('/api/v1/parse_query', { query: 'topk(2, up offset 1m)' })).json()).toMatchObject({
      data: {
        ...{
          type: 'aggregation',
          op: 'topk',
          param: { type: 'numberLiteral', val: '2' },
          grouping: [],
          without: false,
        },
        expr: { type: 'vectorSelector', name: 'up', offset: 60_000, startOrEnd: null },
      },
    })
  })
})

describe('what is sent wrongly', () => {
  const range = { start: '0', end: '10', step: '1' }
  it.each<[string, string, Record<string, string>, number, string, RegExp]>([
    ['an expression that is none', 'query', { query: 'sum(' }, 400, 'bad_data', /^1:5: /],
    ['no expression', 'query', {}, 400, 'bad_data', /"query"/],
    ['vectors that do not match', 'query', { query: 'requests_total / on(job) requests_total' }, 422, 'execution', /./],
    ['an instant that is none', 'query', { query: 'up', time: 'NaN' }, 400, 'bad_data', /"time": expected an instant/],
    ['an instant beyond all calendars', 'query', { query: 'up', time: '1e300' }, 400, 'bad_data', /"time"/],
    ['a step of 0', 'query_range', { ...range, query: 'up', step: '0' }, 400, 'bad_data', /step above 0/],
    ['a negative step', 'query_range', { ...range, query: 'up', step: '-5' }, 400, 'bad_data', /step above 0/],
    ['a step that is none', 'query_range', { ...range, query: 'up', step: 'soon' }, 400, 'bad_data', /"step"/],
    ['no step', 'query_range', { query: 'up', start: '0', end: '1' }, 400, 'bad_data', /"step": it is missing/],
    [
      'an end before the start',
      'query_range',
      { ...range, query: 'up', end: '-1' },
      400,
      'bad_data',
      /end of the range/,
    ],
    ['too many steps', 'query_range', { ...range, query: 'up', end: '1e7' }, 400, 'bad_data', /query\.maxPoints/],
    ['a timeout of nothing', 'query', { query: 'up', timeout: '0' }, 400, 'bad_data', /"timeout"/],
    ['an expression of 100 kB', 'query', { query: `${'1+'.repeat(51_000)}1` }, 400, 'bad_data', /100000 characters/],
    ['deep nesting', 'query', { query: `${'('.repeat(40_000)}1${')'.repeat(40_000)}` }, 400, 'bad_data', /./],
    ['series of everything', 'series', {}, 400, 'bad_data', /match\[\]/],
    ['a selector that is none', 'series', { 'match[]': 'rate(up[5m])' }, 400, 'bad_data', /vector selector/],
    ['a selector of everything', 'series', { 'match[]': '{a=~".*"}' }, 400, 'bad_data', /./],
  ])('%s is told in the envelope', async (_what, path, fields, status, errorType, error) => {
    const answer = await post(`/api/v1/${path}`, fields)
    expect([answer.status, answer.json()]).toEqual([
      status,
      { status: 'error', errorType, error: expect.stringMatching(error) },
    ])
  })

  it('a label that is none', async () => {
    expect((await get('/api/v1/label/1x/values')).json()).toMatchObject({ status: 'error', errorType: 'bad_data' })
  })

  it('a query that takes longer than it may', async () => {
    const stalled = await openQueries({}, await stalledHarness())
    await stalled.record([['up', {}, () => 1]], { count: 1, everyMs: second })
    const listener = await testListener({}, {}, stalled.queries)
    const idle = stalled.harness.time.pending()
    const asked = listener.ask('/api/v1/query?query=up[1m]&timeout=5s', {
      headers: { authorization: `Bearer ${listener.tokens.viewer}` },
    })
    while (stalled.harness.time.pending() === idle) await settle()
    await stalled.harness.time.advance(5000)
    const answer = await asked
    expect([answer.status, answer.json()]).toEqual([
      503,
      { status: 'error', errorType: 'timeout', error: expect.stringContaining('longer than 5s') },
    ])
    await listener.close()
    await stalled.close()
  })

  it('a body that is no form, a form too large, and a form from elsewhere', async () => {
    const path = '/api/v1/query'
    const json = await served.ask(path, { method: 'POST', headers: viewer(), body: { query: 'up' } })
    expect(json.status).toBe(400)
    const large = await post(path, { query: 'x'.repeat(1_100_000) })
    expect([large.status, large.json()]).toMatchObject([422, { errorType: 'execution' }])
    const cookie = await served.login()
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const ask = (headers: Record<string, string>) =>
      served.ask(path, { method: 'POST', headers: { ...form, ...headers }, body: 'query=1' })
    expect((await ask({ cookie })).status).toBe(403)
    expect((await ask({ cookie, origin: 'https://attacker.example' })).status).toBe(403)
    expect((await ask({ cookie, origin: served.origin, 'x-belfry-csrf': '1' })).status).toBe(200)
    const rpc = await served.ask('/api/rpc/console.info', {
      method: 'POST',
      headers: { ...viewer(), ...form },
      body: 'a=1',
    })
    expect(rpc.status).toBe(400)
  })
})

describe('who may ask', () => {
  const basic = (user: string, password: string) => ({
    authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
  })

  it('shows a token as bearer or as the password of any user, on these routes only', async () => {
    const headers = basic('grafana', served.tokens.viewer)
    expect((await served.ask('/api/v1/query?query=1', { headers })).status).toBe(200)
    expect((await served.ask('/api/v1/query?query=1', { headers: basic('grafana', 'wrong') })).status).toBe(401)
    expect((await served.ask('/api/v1/query?query=1', { headers: basic(served.tokens.viewer, '') })).status).toBe(401)
    expect((await served.ask('/health/detailed', { headers })).status).toBe(401)
  })
})

describe('who asks too often', () => {
  it('is told when to ask again, and others are not held up', async () => {
    const limited = await openQueries({ perMinute: 3 })
    const listener = await testListener({}, {}, limited.queries)
    const ask = (token: string) =>
      listener.ask('/api/v1/query?query=1', { headers: { authorization: `Bearer ${token}` } })
    const { viewer: reader, operator } = listener.tokens
    expect(await Promise.all([1, 2, 3].map(async () => (await ask(reader)).status))).toEqual([200, 200, 200])
    const refused = await ask(reader)
    expect([refused.status, refused.headers['retry-after'], refused.json()]).toEqual([
      429,
      '20',
      { status: 'error', errorType: 'too_many_requests', error: expect.stringContaining('query.perMinute') },
    ])
    expect((await ask(operator)).status).toBe(200)
    await listener.console.ports.time.advance(20_000)
    expect((await ask(reader)).status).toBe(200)
    await listener.close()
    await limited.close()
  })
})

describe('clients that are slow or gone', () => {
  const ask = (listener: TestListener, path: string) => {
    const socket = connect(listener.listener.port, '127.0.0.1')
    const head = `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${listener.listener.port}\r\nAuthorization: Bearer ${listener.tokens.viewer}\r\n\r\n`
    socket.write(head)
    return socket
  }

  it('hold nobody up while they do not read what they asked for', async () => {
    const series = Array.from({ length: 50 }, (_, i) => ['many', { n: String(i) }, (n: number) => n / 3] as const)
    const many = await openQueries()
    await many.record(series, { count: 400, everyMs: second })
    const listener = await testListener({}, {}, many.queries)
    const at = Math.floor(many.harness.time.clock.now() / 1000)
    const path = `/api/v1/query_range?query=many&start=${at - 390}&end=${at}&step=0.05`
    const slow = Array.from({ length: 8 }, () => ask(listener, path).pause())
    const { status, json } = await listener.ask(path.replace('many', '2'), {
      headers: { authorization: `Bearer ${listener.tokens.viewer}` },
    })
    expect([status, json<{ status: string }>().status]).toEqual([200, 'success'])
    for (const socket of slow) socket.destroy()
    await listener.close()
    await many.close()
  })

  it('take no turn when they have hung up', async () => {
    const stalled = await openQueries({ concurrency: 1 }, await stalledHarness())
    await stalled.record([['up', {}, () => 1]], { count: 1, everyMs: second })
    const listener = await testListener({}, {}, stalled.queries)
    const idle = stalled.harness.time.pending()
    const gone = ask(listener, '/api/v1/query?query=up[1m]')
    while (stalled.harness.time.pending() === idle) await settle()
    const waiting = listener.ask('/api/v1/query?query=1', {
      headers: { authorization: `Bearer ${listener.tokens.viewer}` },
    })
    gone.destroy()
    expect((await waiting).status).toBe(200)
    await listener.close()
    await stalled.close()
  })
})
