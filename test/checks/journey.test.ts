/** Journeys against a real server that wants a login, and against servers that want no good. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { JourneyConfig } from '#main/checks/journey/config.ts'
import { journey } from '#main/checks/kinds/journey.ts'
import { probe } from './probe.ts'

let server: Server
let origin: string
const seen: string[] = []

beforeAll(async () => {
  server = createServer(answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

async function answer(request: IncomingMessage, response: ServerResponse) {
  const body = await new Promise<string>((resolve) => {
    let text = ''
    request.on('data', (chunk) => {
      text += chunk
    })
    request.on('end', () => resolve(text))
  })
  seen.push(`${request.method} ${request.url} ${request.headers.cookie ?? '-'} ${request.headers['x-token'] ?? '-'}`)
  const { pathname } = new URL(request.url ?? '/', origin)
  switch (pathname) {
    case '/login':
      if (!body.includes('open sesame')) return response.writeHead(403).end('wrong password')
      return response
        .writeHead(302, { location: '/home', 'set-cookie': ['sid=s3ss10n; Path=/; HttpOnly', 'gone=1; Max-Age=0'] })
        .end()
    case '/home':
      if (request.headers.cookie !== 'sid=s3ss10n') return response.writeHead(302, { location: '/login' }).end()
      return response
        .writeHead(200, { 'content-type': 'application/json', 'x-trace': 'trace-77' })
        .end(JSON.stringify({ token: 'tok"en/with+odd&chars', user: { id: 41 } }))
    case '/orders/41':
      return request.headers['x-token'] === 'tok"en/with+odd&chars'
        ? response.end(`orders of 41: trace-77 ${request.headers['x-token']}`)
        : response.writeHead(401).end()
    case '/circle':
      return response.writeHead(302, { location: '/circle', 'set-cookie': `n=${seen.length}` }).end()
    case '/giant':
      return response.end(`{"list":[${'1,'.repeat(2_000_000)}1]}`)
    case '/deep':
      return response.end(`${'['.repeat(50_000)}${']'.repeat(50_000)}`)
    case '/silent':
      return
    default:
      return response.end('hello')
  }
}

const login = () => ({
  name: 'Log in',
  method: 'POST',
  url: `${origin}/login`,
  body: 'password={{password}}',
  extract: [
    { name: 'token', from: 'json', expression: '$.token' },
    { name: 'user', from: 'json', expression: '$.user.id', masked: false },
    { name: 'trace', from: 'header', expression: 'X-Trace', masked: false },
    { name: 'session', from: 'cookie', expression: 'sid' },
  ],
})
const orders = () => ({
  name: 'Orders',
  url: `${origin}/orders/{{user}}?key={{password}}`,
  headers: { 'X-Token': '{{token}}' },
  bodyContains: ['{{trace}}'],
  extract: [{ name: 'count', from: 'regex', expression: 'orders of (\\d+)', masked: false }],
})
const secrets = [{ name: 'password', secret: 'open sesame' }]

describe('a journey', () => {
  it('carries cookies and values from step to step, and tells where the time went', async () => {
    seen.length = 0
    const { result, evidence, samples, bugs } = await probe(journey, {
      steps: [login(), orders(), { url: `${origin}/x?{{count}}` }],
      secrets,
    })
    expect([result.outcome, result.reason.message]).toEqual(['up', 'All 3 steps were taken.'])
    expect(seen).toEqual([
      'POST /login - -',
      'GET /home sid=s3ss10n -',
      'GET /orders/41?key=open%20sesame sid=s3ss10n tok"en/with+odd&chars',
      'GET /x?41 sid=s3ss10n -',
    ])
    expect(evidence.steps?.map(({ name, outcome }) => [name, outcome])).toEqual([
      ['Log in', 'up'],
      ['Orders', 'up'],
      ['3', 'up'],
    ])
    const [first, second] = evidence.steps ?? []
    expect(first?.phases.map(({ name }) => name)).toEqual(['resolve', 'connect', 'processing', 'transfer'])
    expect(second?.startMs).toBeGreaterThanOrEqual(first?.durationMs ?? Number.POSITIVE_INFINITY)
    expect(second?.assertions.map(({ what, passed }) => [what, passed])).toEqual([
      ['Status', true],
      ['Body contains', true],
    ])
    expect(samples.filter(({ labels }) => labels?.['step'] === 'Orders')).toEqual([
      {
        name: 'probe_journey_step_duration_seconds',
        labels: { step: 'Orders' },
        value: (second?.durationMs ?? 0) / 1000,
      },
      { name: 'probe_journey_step_success', labels: { step: 'Orders' }, value: 1 },
    ])
    expect(samples).toContainEqual({ name: 'probe_journey_steps', value: 3 })
    expect(bugs).toEqual([])
  })

  it('stops at the first failure, says which step, and shows no secret of any kind', async () => {
    const { result, evidence, samples } = await probe(journey, {
      steps: [login(), { ...orders(), expectedStatus: '500' }, { name: 'Out', url: `${origin}/out` }],
      secrets,
    })
    expect([result.outcome, result.reason.code]).toEqual(['down', 'status'])
    expect(result.reason.message).toBe('Step "Orders": Status: expected 500, got 200.')
    expect(evidence.steps?.map(({ outcome }) => outcome)).toEqual(['up', 'down', 'skipped'])
    expect(samples).toContainEqual({ name: 'probe_journey_step_success', labels: { step: 'Orders' }, value: 0 })
    const told = JSON.stringify(result)
    expect(told).toContain('trace-77')
    for (const secret of ['sesame', 's3ss10n', 'odd&chars', 'tok\\\\"en']) expect(told).not.toContain(secret)
  })

  it.each([
    ['json', '$.nothing'],
    ['header', 'X-Missing'],
    ['regex', 'number (\\d+)'],
    ['cookie', 'nobody'],
  ])('is down when a value cannot be taken from %s', async (from, expression) => {
    const { result, evidence } = await probe(journey, {
      steps: [{ url: `${origin}/`, extract: [{ name: 'wanted', from, expression }] }, { url: `${origin}/{{wanted}}` }],
    })
    expect([result.outcome, result.reason.code]).toEqual(['down', 'value-missing'])
    expect(result.reason.message).toContain(`{{wanted}} could not be taken`)
    expect(evidence.steps?.[1]?.outcome).toBe('skipped')
  })

  it('is down when a value makes no address', async () => {
    const { result } = await probe(journey, {
      steps: [
        { url: `${origin}/`, extract: [{ name: 'next', from: 'regex', expression: 'hello' }] },
        { url: '{{next}}' },
      ],
    })
    expect([result.outcome, result.reason.code]).toEqual(['down', 'value-unfit'])
    expect(result.reason.message).toContain('url')
  })

  it.each([
    ['an endless circle', '/circle', {}, 'too-many-redirects'],
    ['a giant body', '/giant', {}, 'body-too-large'],
    ['a body nested without end', '/deep', { json: [{ path: '$..x', operator: 'exists' }] }, 'json-mismatch'],
    ['silence', '/silent', {}, 'timeout'],
  ])('ends at %s', async (_, path, step, code) => {
    const startedMs = performance.now()
    const { result, bugs } = await probe(journey, { steps: [{ url: `${origin}${path}`, ...step }] }, 1500)
    expect([result.outcome, result.reason.code]).toEqual(['down', code])
    expect(performance.now() - startedMs).toBeLessThan(4000)
    expect(bugs).toEqual([])
  })
})

describe('the options of a journey', () => {
  const step = { url: 'http://127.0.0.1/' }
  it.each([
    ['no step', { steps: [] }, 'steps'],
    ['five hundred steps', { steps: Array.from({ length: 500 }, () => step) }, 'steps'],
    ['a value nobody gives', { steps: [{ url: 'http://x.example/{{id}}' }] }, 'steps.0.url'],
    [
      'a value that comes later',
      {
        steps: [
          { ...step, body: '{{id}}' },
          { ...step, extract: [{ name: 'id', expression: '$.id' }] },
        ],
      },
      'steps.0.body',
    ],
    ['two steps of one name', { steps: [{ ...step, name: '2' }, step] }, 'steps.1.name'],
    ['a scheme that is not HTTP', { steps: [{ url: 'file:///etc/passwd' }] }, 'steps.0.url'],
    [
      'a bad JSONPath',
      { steps: [{ ...step, extract: [{ name: 'a', expression: '$[' }] }] },
      'steps.0.extract.0.expression',
    ],
    [
      'an expression that is not RE2',
      { steps: [{ ...step, extract: [{ name: 'a', from: 'regex', expression: '(?=x)' }] }] },
      'steps.0.extract.0.expression',
    ],
  ])('with %s are refused', (_, config, path) => {
    const parsed = JourneyConfig.safeParse(config)
    expect(parsed.error?.issues.map((issue) => issue.path.join('.'))).toEqual([path])
  })
})
