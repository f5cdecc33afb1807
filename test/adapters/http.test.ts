import { createServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { createHttp } from '#main/adapters/http.ts'

const http = createHttp()
let server: Server | undefined
afterEach(() => {
  server?.closeAllConnections()
  server?.close()
})

async function serve(listener: RequestListener): Promise<string> {
  const started = createServer(listener)
  server = started
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}/hook/secret-path`
}

const get = { method: 'GET', timeoutMs: 5000, maxBodyBytes: 1000 } as const

describe('createHttp', () => {
  it('sends method, headers and body, and returns status, headers and text', async () => {
    const url = await serve(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      response.writeHead(202, { 'x-seen': `${request.method} ${request.headers['x-key']}` }).end(`got ${body} ü`)
    })
    const answer = await http.request(url, { ...get, method: 'POST', headers: { 'x-key': 'k' }, body: 'hello' })
    expect(answer).toMatchObject({ status: 202, headers: { 'x-seen': 'POST k' }, body: 'got hello ü' })
  })

  it('returns a redirect instead of following it', async () => {
    const url = await serve((_, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end())
    expect(await http.request(url, get)).toMatchObject({ status: 302, headers: { location: 'file:///etc/passwd' } })
  })

  it('stops at the cap of an endless body', async () => {
    const url = await serve((_, response) => {
      const more = () => {
        while (response.write('x'.repeat(500)));
      }
      response.on('drain', more)
      more()
    })
    await expect(http.request(url, get)).rejects.toMatchObject({ code: 'too-large' })
  })

  it('counts the whole exchange against the deadline, a dripping body too', async () => {
    const url = await serve((_, response) => {
      response.writeHead(200)
      const drip = setInterval(() => response.write('.'), 20)
      response.on('close', () => clearInterval(drip))
    })
    const dripping = http.request(url, { ...get, timeoutMs: 150 })
    await expect(dripping).rejects.toMatchObject({ code: 'timeout', message: expect.not.stringContaining('secret') })
  })

  it("ends with the caller's own reason when it is aborted", async () => {
    const url = await serve(() => undefined)
    const abort = new AbortController()
    const request = http.request(url, { ...get, signal: abort.signal })
    abort.abort(new Error('closing'))
    await expect(request).rejects.toThrow('closing')
  })

  it('says which host refused, and not the secret path', async () => {
    const closed = createTcpServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => closed.once('listening', resolve))
    const { port } = closed.address() as AddressInfo
    await new Promise((resolve) => closed.close(resolve))
    await expect(http.request(`http://127.0.0.1:${port}/hook/secret-path`, get)).rejects.toMatchObject({
      code: 'unavailable',
      message: `127.0.0.1:${port} could not be reached: ECONNREFUSED.`,
    })
  })

  it.each(['file:///etc/passwd', 'not a url', 'javascript:1', ''])('refuses %j', async (url) => {
    await expect(http.request(url, get)).rejects.toMatchObject({ code: 'invalid' })
  })
})
