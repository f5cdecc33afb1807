import { once } from 'node:events'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { judge } from '#main/checks/http-probe/assertions.ts'
import { HttpConfig } from '#main/checks/http-probe/config.ts'
import { http } from '#main/checks/kinds/http.ts'
import { type Certificates, makeCertificates, opensslIsThere } from './certificates.ts'
import { probe } from './probe.ts'
import { answer, pour, type RawServer, rawServer } from './raw-server.ts'

const servers: RawServer[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close()
})

async function serving(...args: Parameters<typeof rawServer>): Promise<RawServer & { readonly url: string }> {
  const server = await rawServer(...args)
  servers.push(server)
  const url = `${args[1]?.tls ? 'https' : 'http'}://127.0.0.1:${server.port}/`
  return { ...server, url }
}

describe('an HTTP check', () => {
  it('is up on an expected status, with phases, samples and evidence', async () => {
    const { url, heads } = await serving((socket) => socket.end(answer('200 OK', 'all is well', ['X-Version: 7'])))
    const { result, evidence, sample } = await probe(http, { url, headers: { 'X-Asked-By': 'test' } })
    expect(result).toMatchObject({ outcome: 'up', reason: { code: 'ok', message: '200 OK' } })
    expect(result.phases.map((phase) => phase.name)).toEqual(['resolve', 'connect', 'processing', 'transfer'])
    expect(result.phases.reduce((sum, phase) => sum + phase.durationMs, 0)).toBeLessThanOrEqual(result.durationMs)
    expect(heads[0]).toMatch(/^GET \/ HTTP\/1\.1\r\nhost: 127\.0\.0\.1:\d+\r\n/)
    expect(evidence).toMatchObject({
      request: { line: `GET ${url}`, body: null },
      response: { line: 'HTTP/1.1 200 OK', bodyBytes: 11, bodySample: 'all is well', truncated: false },
      remoteAddress: new URL(url).host,
      assertions: [{ what: 'Status', expected: '200-299', actual: '200', passed: true }],
    })
    expect(evidence.request?.headers).toContainEqual({ name: 'x-asked-by', value: 'test' })
    expect(evidence.response?.headers).toContainEqual({ name: 'X-Version', value: '7' })
    expect([sample('probe_success'), sample('probe_http_status_code'), sample('probe_http_content_length')]).toEqual([
      1, 200, 11,
    ])
    expect(sample('probe_http_duration_seconds', 'tls')).toBe(0)
    expect(sample('probe_http_duration_seconds', 'connect')).toBeGreaterThan(0)
    expect(sample('probe_ip_protocol')).toBe(4)
  })

  it('sends method, body and credentials, and shows no credential', async () => {
    const { url, heads } = await serving((socket, head) =>
      socket.end(answer('200 OK', head, ['Set-Cookie: session=abc123'])),
    )
    const basic = { type: 'basic', username: 'ada', password: 'correct horse' }
    const { result } = await probe(http, {
      url,
      method: 'POST',
      body: '{"ping":true}',
      auth: basic,
      headers: { Cookie: 'a=secret1' },
    })
    const encoded = Buffer.from('ada:correct horse').toString('base64')
    expect(heads[0]).toContain(`authorization: Basic ${encoded}`)
    expect(heads[0]).toContain('content-length: 13')
    const told = JSON.stringify(result)
    for (const secret of [encoded, 'correct horse', 'session=abc123', 'a=secret1"']) expect(told).not.toContain(secret)
    expect(told).toContain('POST')
    const bearer = await probe(http, { url, auth: { type: 'bearer', token: 'tok-123456' } })
    expect(JSON.stringify(bearer.result)).not.toContain('tok-123456')
  })

  it.each([
    ['500 Oops', '', {}, 'down', 'status'],
    ['404 Not Found', '', { expectedStatus: '200-299, 404' }, 'up', 'ok'],
    ['200 OK', 'hello world', { bodyContains: ['world'] }, 'up', 'ok'],
    ['200 OK', 'hello world', { bodyContains: ['mars'] }, 'down', 'body-missing'],
    ['200 OK', 'Fatal error', { bodyLacks: ['error'] }, 'down', 'body-forbidden'],
    ['200 OK', 'version 1.22', { bodyMatches: ['version \\d+\\.\\d+'] }, 'up', 'ok'],
    ['200 OK', 'version x', { bodyMatches: ['version \\d+'] }, 'down', 'body-no-match'],
    ['200 OK', '{"status":"ok","n":3}', { json: [{ path: '$.status', value: 'ok' }] }, 'up', 'ok'],
    ['200 OK', '{"n":3}', { json: [{ path: '$.n', operator: 'greater', value: '2' }] }, 'up', 'ok'],
    ['200 OK', '{"n":3}', { json: [{ path: '$.n', operator: 'less', value: '2' }] }, 'down', 'json-mismatch'],
    ['200 OK', '{"n":3}', { json: [{ path: '$.n', value: '3' }] }, 'up', 'ok'],
    ['200 OK', '{"a":[{"b":1},{"b":2}]}', { json: [{ path: '$.a[*].b', operator: 'exists' }] }, 'up', 'ok'],
    ['200 OK', '{"a":{"y":1,"x":2}}', { json: [{ path: '$.a', value: '{"x":2,"y":1}' }] }, 'up', 'ok'],
    ['200 OK', '{}', { json: [{ path: '$.error', operator: 'missing' }] }, 'up', 'ok'],
    ['200 OK', '{"error":1}', { json: [{ path: '$.error', operator: 'missing' }] }, 'down', 'json-mismatch'],
    ['200 OK', '["a","b"]', { json: [{ path: '$', operator: 'contains', value: 'b' }] }, 'up', 'ok'],
    ['200 OK', '{"v":"1.2"}', { json: [{ path: '$.v', operator: 'matches', value: '^1\\.' }] }, 'up', 'ok'],
    ['200 OK', '<html>', { json: [{ path: '$.status', value: 'ok' }] }, 'down', 'json-invalid'],
  ])('judges %s with body %j under %j as %s (%s)', async (status, body, config, outcome, code) => {
    const { url } = await serving((socket) => socket.end(answer(status, body)))
    const { result } = await probe(http, { url, ...config })
    expect([result.outcome, result.reason.code]).toEqual([outcome, code])
  })

  it.each([
    [{ warnMs: 100, failMs: 200 }, 100, 'up', 'ok'],
    [{ warnMs: 100, failMs: 200 }, 101, 'degraded', 'too-slow'],
    [{ warnMs: 100, failMs: 200 }, 201, 'down', 'too-slow'],
  ])('under %j judges an answer after %i ms as %s', (limits, durationMs, outcome, code) => {
    const config = HttpConfig.parse({ url: 'http://e.com', ...limits })
    const facts = { status: 200, statusText: 'OK', body: Buffer.alloc(0), durationMs, certificateDaysLeft: null }
    const verdict = judge(config, facts)
    expect([verdict.outcome, verdict.reason.code]).toEqual([outcome, code])
  })

  it('follows redirects, drops credentials on the way to another host, and tells the way', async () => {
    const last = await serving((socket) => socket.end(answer('200 OK')))
    const first = await serving((socket) => socket.end(answer('302 Found', '', [`Location: ${last.url}end`])))
    const { result, evidence, sample } = await probe(http, {
      url: first.url,
      method: 'POST',
      body: 'x',
      auth: { type: 'bearer', token: 'tok-123456' },
    })
    expect(result.outcome).toBe('up')
    expect(sample('probe_http_redirects')).toBe(1)
    expect(evidence.redirects).toEqual([{ status: 302, from: first.url, to: `${last.url}end` }])
    expect(first.heads[0]).toContain('tok-123456')
    expect(last.heads[0]).toMatch(/^GET \/end /)
    expect(last.heads[0]).not.toContain('tok-123456')
    expect(last.heads[0]).not.toContain('content-length')
  })

  it.each([
    ['/', {}, 'redirect-loop'],
    ['file:///etc/passwd', {}, 'redirect-scheme'],
    ['javascript:alert(1)', {}, 'redirect-scheme'],
    ['http://[', {}, 'redirect-invalid'],
    ['/', { maxRedirects: 0, expectedStatus: '301' }, 'ok'],
  ])('redirected to %s under %j ends as %s', async (location, config, code) => {
    const { url } = await serving((socket) => socket.end(answer('301 Moved', '', [`Location: ${location}`])))
    const { result } = await probe(http, { url, ...config })
    expect(result.reason.code).toBe(code)
    expect(result.outcome).toBe(code === 'ok' ? 'up' : 'down')
  })

  it('gives up on redirects without end', async () => {
    let count = 0
    const { url, heads } = await serving((socket) => socket.end(answer('302 Found', '', [`Location: /${++count}`])))
    const { result } = await probe(http, { url, maxRedirects: 3 })
    expect(result.reason.code).toBe('too-many-redirects')
    expect(heads).toHaveLength(4)
  })

  it('stops reading a body of 10 GB at its limit', async () => {
    const { url, written } = await serving((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\n')
      pour(socket, Buffer.alloc(65_536, 'x'))
    })
    const { result } = await probe(http, { url, maxBodyBytes: 100_000 })
    expect(result.reason).toEqual({
      code: 'body-too-large',
      message: `${new URL(url).host} sent a body of more than 100000 bytes.`,
    })
    expect(written()).toBeLessThan(20_000_000)
  })

  it('stops unpacking a gzip bomb at its limit', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000))
    const { url } = await serving((socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`)
      socket.end(bomb)
    })
    const before = process.memoryUsage().arrayBuffers
    const { result } = await probe(http, { url, maxBodyBytes: 1_000_000 })
    expect(result.reason.code).toBe('body-too-large')
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(30_000_000)
  })

  it('reads a body that is compressed, and names one that cannot be unpacked', async () => {
    const body = gzipSync('all is well')
    const { url } = await serving((socket, head) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: ${body.length}\r\n\r\n`)
      socket.end(head.startsWith('GET /broken') ? Buffer.alloc(body.length, 7) : body)
    })
    expect((await probe(http, { url, bodyContains: ['is well'] })).result.outcome).toBe('up')
    expect((await probe(http, { url: `${url}broken` })).result.reason.code).toBe('body-encoding')
  })

  it('ends endless headers', async () => {
    const { url, written } = await serving((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n')
      pour(socket, `X-More: ${'x'.repeat(1000)}\r\n`)
    })
    const { result } = await probe(http, { url })
    expect(result).toMatchObject({ outcome: 'down', reason: { code: 'headers-too-large' } })
    expect(written()).toBeLessThan(20_000_000)
  })

  it.each([
    ['a server that never answers', () => {}, 'timeout'],
    ['a dripping head', drip('HTTP/1.1 200 OK\r\nX: ', 'y'), 'timeout'],
    ['a dripping body', drip('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n', 'y'), 'body-timeout'],
  ])('ends %s at the deadline', async (_, speak, code) => {
    const { url } = await serving(speak)
    const { result, bugs } = await probe(http, { url }, 300)
    expect(result).toMatchObject({ outcome: 'down', reason: { code } })
    expect(result.durationMs).toBeGreaterThanOrEqual(299)
    expect(result.durationMs).toBeLessThan(900)
    expect(bugs).toEqual([])
  })

  it.each([
    ['SSH-2.0-OpenSSH_9.2\r\n', 'protocol-error'],
    ['HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello', 'protocol-error'],
    ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzzz\r\n', 'protocol-error'],
    ['HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\nshort', 'reset'],
    ['', 'reset'],
  ])('names the answer %j as %s', async (bytes, code) => {
    const { url } = await serving((socket) => socket.end(bytes))
    expect((await probe(http, { url })).result).toMatchObject({ outcome: 'down', reason: { code } })
  })

  it('tells a refused connection and a reset one', async () => {
    const gone = await rawServer(() => {})
    await gone.close()
    const refused = await probe(http, { url: `http://127.0.0.1:${gone.port}` })
    expect(refused.result).toMatchObject({ outcome: 'down', reason: { code: 'connection-refused' } })
    expect(refused.sample('probe_success')).toBe(0)
    const { url } = await serving((socket) => socket.resetAndDestroy())
    expect((await probe(http, { url })).result.reason.code).toBe('reset')
  })

  it('tells a name that does not exist', async () => {
    const { result } = await probe(http, { url: 'http://nowhere.invalid/' })
    // Without any resolver the name cannot be looked up at all, which is never the target's fault.
    expect(['dns-not-found', 'dns-unavailable']).toContain(result.reason.code)
    expect(result.outcome).toBe(result.reason.code === 'dns-not-found' ? 'down' : 'unknown')
  })

  it('leaves no connection behind, even of a server that keeps it open', async () => {
    let closed: Promise<unknown> = Promise.resolve()
    const { url } = await serving((socket) => {
      closed = once(socket, 'close')
      socket.write(answer('200 OK', 'stay'))
    })
    expect((await probe(http, { url })).result.outcome).toBe('up')
    await closed
  })

  it('shows a body that is no text as none', async () => {
    const { url } = await serving((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n')
      socket.end(Buffer.from([0, 1, 2, 255]))
    })
    expect((await probe(http, { url })).evidence.response).toMatchObject({ bodyBytes: 4, bodySample: null })
  })

  it('does not let a regular expression run away', async () => {
    const { url } = await serving((socket) => socket.end(answer('200 OK', `${'a'.repeat(20_000)}!`)))
    const { result } = await probe(http, {
      url,
      bodyMatches: ['(a+)+$'],
      json: [],
    })
    expect(result.reason.code).toBe('body-no-match')
    expect(result.durationMs).toBeLessThan(4000)
  })
})

describe.skipIf(!opensslIsThere())('HTTPS (needs the package openssl)', () => {
  let certificates: Certificates
  beforeAll(() => {
    certificates = makeCertificates()
  })
  const speak: Parameters<typeof rawServer>[0] = (socket) => socket.end(answer('200 OK', 'secure'))
  const trusting = () => ({ authorities: certificates.root })

  it('is up with a certificate that is in order, and shows its chain and days', async () => {
    const { good, root } = certificates
    const { url } = await serving(speak, { tls: { key: good.key, cert: good.cert + root } })
    const { result, evidence, sample } = await probe(http, { url, ...trusting() })
    expect(result).toMatchObject({ outcome: 'up' })
    expect(result.phases.map((phase) => phase.name)).toEqual(['resolve', 'connect', 'tls', 'processing', 'transfer'])
    expect(evidence.tls).toMatchObject({ protocol: 'TLSv1.3', problem: null })
    expect(evidence.tls?.certificates.map((one) => one.subject)).toEqual(['CN=good.test', 'CN=Belfry Test Root'])
    expect(evidence.tls?.certificates[0]?.names).toEqual(['localhost', '127.0.0.1'])
    const days = ((sample('probe_ssl_earliest_cert_expiry') ?? 0) * 1000 - result.at) / 86_400_000
    expect(days).toBeCloseTo(60, 0)
    expect(sample('probe_http_ssl')).toBe(1)
  })

  it.each([
    ['expired', 'tls-expired'],
    ['wrongHost', 'tls-wrong-host'],
    ['selfSigned', 'tls-self-signed'],
    ['deep', 'tls-incomplete-chain'],
  ] as const)('tells that a certificate is %s', async (name, code) => {
    const { url } = await serving(speak, { tls: certificates[name] })
    const { result, evidence } = await probe(http, { url, ...trusting() })
    expect(result).toMatchObject({ outcome: 'down', reason: { code } })
    expect(evidence.tls?.problem).toBe(result.reason.message)
    expect(evidence.tls?.certificates.length).toBeGreaterThan(0)
    expect(evidence.response).toBeUndefined()
    const lenient = await probe(http, { url, ...trusting(), verifyTls: false })
    expect(lenient.result.outcome).toBe('up')
    expect(lenient.evidence.tls?.problem).not.toBeNull()
  })

  it('takes a chain that is whole', async () => {
    const { deep, intermediate } = certificates
    const { url } = await serving(speak, { tls: { key: deep.key, cert: deep.cert + intermediate } })
    expect((await probe(http, { url, ...trusting() })).result.outcome).toBe('up')
  })

  it('does not trust an authority nobody named', async () => {
    const { good, root } = certificates
    const { url } = await serving(speak, { tls: { key: good.key, cert: good.cert + root } })
    expect((await probe(http, { url })).result.reason.code).toBe('tls-untrusted-authority')
  })

  it.each([
    [{ certificateWarnDays: 90 }, 'degraded'],
    [{ certificateFailDays: 90, certificateWarnDays: 100 }, 'down'],
    [{ certificateFailDays: 7, certificateWarnDays: 30 }, 'up'],
  ])('under %j finds a certificate of 60 days %s', async (limits, outcome) => {
    const { url } = await serving(speak, { tls: certificates.good })
    const { result } = await probe(http, { url, ...trusting(), ...limits })
    expect([result.outcome, result.reason.code]).toEqual([outcome, outcome === 'up' ? 'ok' : 'certificate-expiring'])
  })

  it('refuses to be sent from https to http, unless that is allowed', async () => {
    const plain = await serving((socket) => socket.end(answer('200 OK')))
    const { url } = await serving((socket) => socket.end(answer('302 Found', '', [`Location: ${plain.url}`])), {
      tls: certificates.good,
    })
    expect((await probe(http, { url, ...trusting() })).result.reason.code).toBe('redirect-downgrade')
    expect((await probe(http, { url, ...trusting(), allowDowngrade: true })).result.outcome).toBe('up')
  })

  it('tells a server that speaks no TLS, and one that never finishes the handshake', async () => {
    const plain = await serving((socket) => socket.end('220 ready\r\n'), { greet: true })
    const garbled = await probe(http, { url: plain.url.replace('http:', 'https:') })
    expect(garbled.result).toMatchObject({ outcome: 'down', reason: { code: 'tls-handshake' } })
    const silent = await serving(() => {}, { greet: true })
    const hanging = await probe(http, { url: silent.url.replace('http:', 'https:') }, 300)
    expect(hanging.result).toMatchObject({ outcome: 'down', reason: { code: 'tls-timeout' } })
  })
})

describe('the options of an HTTP check', () => {
  it.each([
    [{ url: 'not a url' }, 'url', 'expected a URL such as https://example.com/health, got "not a url"'],
    [{ url: 'ftp://example.com' }, 'url', 'expected a URL that begins with http:// or https://, got "ftp:"'],
    [
      { url: 'http://ada:pw@example.com' },
      'url',
      'expected a URL without user name and password; put them under Authentication',
    ],
    [{ url: 'http://example.com:99999' }, 'url', 'expected a URL such as'],
    [{ url: 'http://e.com', expectedStatus: '200-100' }, 'expectedStatus', 'expected status codes or ranges'],
    [{ url: 'http://e.com', bodyMatches: ['(?=x)'] }, 'bodyMatches.0', 'expected a regular expression in RE2 syntax'],
    [{ url: 'http://e.com', json: [{ path: '$..[' }] }, 'json.0.path', 'expected a JSONPath such as $.status'],
    [
      { url: 'http://e.com', json: [{ path: '$.a', operator: 'greater', value: 'x' }] },
      'json.0.value',
      'expected a number',
    ],
    [{ url: 'http://e.com', headers: { 'bad name': 'x' } }, 'headers.bad name', ''],
    [{ url: 'http://e.com', headers: { X: 'a\r\nEvil: b' } }, 'headers.X', 'expected one line'],
    [{ url: 'http://e.com', surprise: 1 }, '', 'Unrecognized key'],
  ])('refuse %j with the path %s', (config, path, message) => {
    const [issue] = http.config.safeParse(config).error?.issues ?? []
    expect(issue?.path.join('.')).toBe(path)
    expect(issue?.message).toContain(message)
  })
})

function drip(head: string, piece: string): Parameters<typeof rawServer>[0] {
  return (socket) => {
    socket.write(head)
    const timer = setInterval(() => socket.write(piece), 20)
    socket.on('close', () => clearInterval(timer))
  }
}
