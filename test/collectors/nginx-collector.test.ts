import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { nginx } from '#main/collectors/services/kinds/nginx.ts'
import { createNginx, missingNginx, type Nginx } from '#test/e2e/support/nginx.ts'
import { collect } from './collect.ts'
import { answeringServer } from './http-server.ts'

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

describe.skipIf(missingNginx() !== null)('an nginx collector (needs the package nginx-light)', () => {
  let server: Nginx
  beforeAll(async () => {
    server = await createNginx()
    await server.start()
  })
  afterAll(() => server.close())

  it('reads stub_status of a real nginx under the names of nginx-prometheus-exporter', async () => {
    const url = new URL('/nginx_status', server.url).href
    const first = await collect(nginx, { url })
    const second = await collect(nginx, { url })
    expect([first.code, first.bugs]).toEqual([null, []])
    expect(first.names()).toEqual([
      'nginx_connections_active',
      'nginx_connections_accepted',
      'nginx_connections_handled',
      'nginx_http_requests_total',
      'nginx_connections_reading',
      'nginx_connections_writing',
      'nginx_connections_waiting',
    ])
    const requests = (read: typeof first) => read.value('nginx_http_requests_total') ?? 0
    expect(requests(second) - requests(first)).toBe(1)
  })

  it('that looks at another page says what it found there', async () => {
    const read = await collect(nginx, { url: server.url })
    expect(read.code).toBe('schema-changed')
    expect(read.failure?.reason.message).toContain('is no page of stub_status: it begins "')
  })
})

describe('an HTTP answer that is none of what was asked for', () => {
  it.each([
    [401, 'wrong-credentials'],
    [403, 'not-authorized'],
    [404, 'not-found'],
    [302, 'redirected'],
    [503, 'http-status'],
  ])('%i is %s', async (status, code) => {
    const server = await answeringServer(() => [status, 'closed for today'])
    ends.push(server.close)
    const read = await collect(nginx, { url: `http://127.0.0.1:${server.port}/` })
    expect(read.code).toBe(code)
    expect(read.failure?.reason.message).toContain(String(status))
  })

  it('sends user name and password, and shows neither', async () => {
    const server = await answeringServer(({ headers }) => [401, `no entry with ${headers.authorization}`])
    ends.push(server.close)
    const auth = { type: 'basic', username: 'watcher', password: 'canary-password' }
    const read = await collect(nginx, { url: `http://127.0.0.1:${server.port}/`, auth })
    expect(server.asked[0]?.headers.authorization).toBe(`Basic ${btoa('watcher:canary-password')}`)
    expect(JSON.stringify(read)).not.toContain('canary')
  })
})
