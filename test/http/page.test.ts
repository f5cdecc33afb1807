/** The page's files, and the headers everything is sent with. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type TestListener, testListener } from './listener.ts'

let served: TestListener
beforeAll(async () => {
  served = await testListener()
})
afterAll(() => served.close())

it('is served under a policy that allows its own files and its own socket only', async () => {
  const reply = await served.ask('/')
  expect(reply.status).toBe(200)
  expect(reply.headers['content-type']).toBe('text/html; charset=utf-8')
  const socket = `ws://127.0.0.1:${served.listener.port}`
  expect(reply.headers['content-security-policy']).toBe(
    `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self' ${socket}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  )
})

it('is asked for again each time, and its named files never', async () => {
  const index = await served.ask('/')
  expect(index.headers['cache-control']).toBe('no-cache')
  const etag = String(index.headers['etag'])
  const again = await served.ask('/', { headers: { 'if-none-match': etag } })
  expect([again.status, again.text]).toEqual([304, ''])
  const script = await served.ask('/assets/app-1a2b.js')
  expect(script.headers['cache-control']).toBe('public, max-age=31536000, immutable')
  expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8')
})

it.each(['/', '/health', '/api/nothing', '/api/session'])('%s carries the security headers', async (path) => {
  expect((await served.ask(path)).headers).toMatchObject({
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
  })
})

it('answers to each name of this machine, and to no other', async () => {
  const { port } = served.listener
  for (const name of ['127.0.0.1', 'localhost', 'LOCALHOST', '[::1]']) {
    expect((await served.ask('/health/live', { headers: { host: `${name}:${port}` } })).status).toBe(200)
  }
  for (const host of ['127.0.0.1', `127.0.0.1:${port + 1}`, `localhost.example:${port}`, `127.0.0.1:${port}.example`]) {
    expect((await served.ask('/health/live', { headers: { host } })).status).toBe(403)
  }
})

it('says what to do when it has not been built', async () => {
  const unbuilt = await testListener({}, { pageDir: '/nonexistent' })
  const reply = await unbuilt.ask('/')
  expect(reply.status).toBe(503)
  expect(reply.text).toContain('npm start')
  await unbuilt.close()
})
