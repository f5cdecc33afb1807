/** The REST routes: how they translate, and how they refuse. */
import { afterEach, describe, expect, it } from 'vitest'
import { AppError } from '#shared/contract/errors.ts'
import type { BelfryHandlers, CallName, InputOf } from '#shared/contract/index.ts'
import type { MetricAnswer } from '#shared/contract/metrics.ts'
import { maxFrameBytes } from '#shared/contract/wire.ts'
import { alertView, checkView } from '#test/support/sample-views.ts'
import { type TestListener, testListener } from './listener.ts'

/** Where fake clocks start: 2026-01-05T00:00:00Z. */
const startAt = 1_767_571_200_000
const hour = 3_600_000

let served: TestListener
afterEach(() => served.close())

/** What each call was asked with, after the contract's own parse. */
const asked: [CallName, unknown][] = []
async function serving(handlers: Partial<BelfryHandlers>): Promise<TestListener> {
  asked.length = 0
  const recording = Object.entries(handlers).map(([name, handler]) => [
    name,
    (input: unknown, context: unknown) => {
      asked.push([name as CallName, input])
      return (handler as (input: unknown, context: unknown) => unknown)(input, context)
    },
  ])
  served = await testListener(Object.fromEntries(recording))
  return served
}

const checks = '/api/monitoring/synthetic/checks'
const alerts = '/api/monitoring/alerts'
const draft = { name: 'Site', kind: 'http', config: { url: 'https://example.org/' } }

describe('checks', () => {
  it('are listed in pages, with instants as ISO 8601', async () => {
    const list = ['a', 'b', 'c'].map((id) => checkView({ id, last: { ...last, at: startAt } }))
    await serving({ 'checks.list': () => list })
    const first = (await served.askAsOperator(`${checks}?limit=2`)).json<{ checks: object[]; next: string }>()
    expect(first.checks).toHaveLength(2)
    expect(first.checks[0]).toMatchObject({
      id: 'a',
      stateSince: '2026-01-05T00:00:00.000Z',
      last: { at: '2026-01-05T00:00:00.000Z' },
      nextRunAt: null,
    })
    const second = await served.askAsOperator(`${checks}?limit=2&cursor=${first.next}`)
    expect(second.json()).toMatchObject({ checks: [{ id: 'c' }], next: null })
    expect((await served.askAsOperator(`${checks}?cursor=gone`)).status).toBe(400)
    expect((await served.askAsOperator(`${checks}?limit=0`)).status).toBe(400)
    expect((await served.askAsOperator(`${checks}?colour=red`)).status).toBe(400)
  })

  it('are created, replaced, read and removed', async () => {
    await serving({
      'checks.save': ({ id }) => checkView({ id: id ?? 'new' }),
      'checks.get': ({ id }) => checkView({ id }),
      'checks.remove': ({ id }) => ({ id, draft: fullDraft }),
    })
    const created = await served.askAsOperator(checks, { method: 'POST', body: draft })
    expect(created.status).toBe(201)
    expect(created.json()).toMatchObject({ id: 'new', stateSince: '2026-01-05T00:00:00.000Z' })
    await served.askAsOperator(`${checks}/site`, { method: 'PUT', body: draft })
    await served.askAsOperator(`${checks}/a%2Fb%3Bc`)
    await served.askAsOperator(`${checks}/site`, { method: 'DELETE' })
    expect(asked.map(([name, input]) => [name, (input as { id: string }).id])).toEqual([
      ['checks.save', null],
      ['checks.save', 'site'],
      ['checks.get', 'a/b;c'],
      ['checks.remove', 'site'],
    ])
  })

  it('show their results over a range in any form', async () => {
    await serving({ 'checks.results': () => ({ results: [], next: null }) })
    const range = 'from=2026-01-04T00:00:00Z&to=now-1h&failures_only=true&limit=5'
    await served.askAsOperator(`/api/monitoring/synthetic/results?check=site&${range}`)
    await served.askAsOperator('/api/monitoring/synthetic/results?check=site&from=1767480000&to=1767567600000')
    expect(asked.map(([, input]) => input)).toEqual([
      { id: 'site', range: range24, failuresOnly: true, limit: 5, cursor: null },
      {
        id: 'site',
        range: { from: 1_767_480_000_000, to: startAt - hour },
        failuresOnly: false,
        limit: 50,
        cursor: null,
      },
    ])
  })
  const range24 = { from: startAt - 24 * hour, to: startAt - hour }
})

describe('alerts', () => {
  it('are filtered by what the query says, once or several times', async () => {
    await serving({ 'alerts.list': () => ({ alerts: [alertView()], next: null }) })
    const reply = await served.askAsOperator(
      `${alerts}?state=firing&state=pending&severity=critical&label=a%3Db&limit=10`,
    )
    expect(reply.json()).toMatchObject({ alerts: [{ activeAt: '2026-01-05T00:00:00.000Z' }], next: null })
    await served.askAsOperator(alerts)
    expect(asked.map(([, input]) => input)).toMatchObject([
      { states: ['firing', 'pending'], severities: ['critical'], labels: ['a=b'], limit: 10 },
      { states: ['pending', 'firing', 'recovering'], severities: [], labels: [], limit: 200 },
    ] satisfies InputOf<'alerts.list'>[])
    expect((await served.askAsOperator(`${alerts}?state=asleep`)).status).toBe(400)
  })

  it('are acknowledged, snoozed and resolved one at a time', async () => {
    await serving({
      'alerts.acknowledge': ({ ids }) => ids.map((id) => alertView({ id })),
      'alerts.snooze': ({ ids, until }) => ids.map((id) => alertView({ id, snoozedUntil: until })),
      'alerts.resolve': ({ ids }) => ids.map((id) => alertView({ id })),
    })
    const post = (verb: string, body?: unknown) =>
      served.askAsOperator(`${alerts}/one/${verb}`, { method: 'POST', body })
    expect((await post('ack', { note: 'mine' })).json()).toMatchObject({ id: 'one' })
    expect((await post('snooze', { until: 'now+1h' })).json()).toMatchObject({
      snoozedUntil: '2026-01-05T01:00:00.000Z',
    })
    expect((await post('resolve')).status).toBe(200)
    expect(asked.map(([, input]) => input)).toEqual([
      { ids: ['one'], note: 'mine', until: null },
      { ids: ['one'], until: startAt + hour },
      { ids: ['one'], note: '' },
    ])
    expect((await post('snooze', { until: 'soon' })).json()).toMatchObject({ error: { code: 'invalid' } })
    expect((await post('ack', { ids: ['another'] })).status).toBe(400)
    expect((await post('ack', ['one'])).status).toBe(400)
  })
})

describe('metrics', () => {
  const answer: MetricAnswer = {
    stepMs: 60_000,
    tier: 'raw',
    times: [startAt - 60_000],
    series: [{ labels: { mode: 'idle' }, values: [1.5] }],
  }

  it('are one range, by step and labels', async () => {
    await serving({ 'metrics.query': () => [answer] })
    const path = '/api/monitoring/metrics?name=node_load1&from=now-6h&step=5m&label=a%3Db&label=c%3D~d.*'
    expect((await served.askAsOperator(path)).json()).toEqual({ ...answer, times: ['2026-01-04T23:59:00.000Z'] })
    expect(asked[0]?.[1]).toMatchObject({
      queries: [
        {
          metric: 'node_load1',
          points: 72,
          range: { from: startAt - 6 * hour, to: startAt },
          matchers: [
            { label: 'a', op: '=', value: 'b' },
            { label: 'c', op: '=~', value: 'd.*' },
          ],
        },
      ],
    })
  })

  it.each([
    ['from=yesterday', 'expected an instant'],
    ['from=now&to=now-1h', '"from" before "to"'],
    ['from=now-10d&step=1s', 'longer step'],
    ['step=0', 'expected a duration'],
    ['label=nonsense', 'name=value'],
    ['reduce=median', 'reduce'],
  ])('refuse %s', async (query, message) => {
    await serving({ 'metrics.query': () => [answer] })
    const reply = await served.askAsOperator(`/api/monitoring/metrics?name=node_load1&${query}`)
    expect(reply.status).toBe(400)
    expect(reply.json<{ error: { message: string } }>().error.message).toContain(message)
  })
})

describe('a refusal', () => {
  it('has the code’s status, a message and what is wrong where', async () => {
    await serving({
      'checks.get': () => {
        throw new AppError('conflict', 'It changed meanwhile.', [{ path: 'id', message: 'changed' }])
      },
    })
    const reply = await served.askAsOperator(`${checks}/site`)
    expect(reply.status).toBe(409)
    expect(reply.json()).toEqual({
      error: { code: 'conflict', message: 'It changed meanwhile.', details: [{ path: 'id', message: 'changed' }] },
    })
    expect(reply.headers['cache-control']).toBe('no-store')
  })

  it('of a bug says nothing of the inside', async () => {
    await serving({
      'checks.list': () => {
        throw new Error('SQLITE_CORRUPT at /home/me')
      },
    })
    const reply = await served.askAsOperator(checks)
    expect(reply.status).toBe(500)
    expect(reply.text).not.toMatch(/SQLITE|home|at /)
  })

  it.each([
    ['is no JSON', '{"a":', 400, 'application/json'],
    ['nests without end', `${'['.repeat(5000)}${']'.repeat(5000)}`, 400, 'application/json'],
    ['names __proto__', '{"__proto__":{"a":1}}', 400, 'application/json'],
    ['is a form', 'a=1', 400, 'application/x-www-form-urlencoded'],
    ['is plain text', '{}', 400, 'text/plain'],
    ['is too large', `"${'x'.repeat(maxFrameBytes)}"`, 413, 'application/json'],
  ])('tells a body that %s', async (_what, body, status, type) => {
    await serving({})
    const headers = { 'content-type': type }
    const reply = await served.askAsOperator('/api/rpc/checks.list', { method: 'POST', body, headers })
    expect(reply.status).toBe(status)
    expect(reply.json()).toMatchObject({ error: { code: status === 413 ? 'too-large' : 'invalid' } })
  })
})

describe('a call whose client goes away', () => {
  it('is aborted', async () => {
    let abort = () => {}
    const aborted = new Promise<void>((resolve) => {
      abort = resolve
    })
    let begin = () => {}
    const begun = new Promise<void>((resolve) => {
      begin = resolve
    })
    await serving({
      'checks.list': (_input, { signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            abort()
            reject(new Error('aborted'))
          })
          begin()
        }),
    })
    const leaving = new AbortController()
    const headers = { authorization: `Bearer ${served.tokens.viewer}` }
    const gone = fetch(`${served.origin}${checks}`, { headers, signal: leaving.signal }).catch(
      (error: unknown) => error,
    )
    await begun
    leaving.abort()
    await aborted
    expect(await gone).toMatchObject({ name: 'AbortError' })
  })
})

const last = { at: 0, outcome: 'up', durationMs: 5, reason: { code: 'ok', message: '' } } as const
const fullDraft = {
  ...draft,
  enabled: true,
  everyMs: 60_000,
  timeoutMs: 10_000,
  confirm: { failures: 2, of: 3, successes: 2, retryEveryMs: 15_000 },
  slowMs: null,
  labels: {},
  group: null,
  tags: [],
}
