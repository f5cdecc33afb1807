/** The headless host around a console: what it prints, what it refuses, what it lets go of. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Console } from '#main/console.ts'
import { parseHeadlessArguments } from '#main/headless/arguments.ts'
import { type ServedConsole, serveConsole } from '#main/headless/serve-console.ts'
import { type StubConsole, stubConsole } from '#test/support/stub-console.ts'

let stub: StubConsole
let served: ServedConsole | undefined
let closed: number
let printed: string[]
let announced: string[]
beforeEach(async () => {
  stub = await stubConsole()
  served = undefined
  closed = 0
  printed = []
  announced = []
})
afterEach(async () => {
  await served?.close()
  stub.close()
})

async function start(args: readonly string[], adminToken: string | null = null): Promise<ServedConsole> {
  const settings = { console: { enabled: true, port: 0 } }
  const console = {
    ...stub,
    config: { current: () => ({ settings, intake: { enabled: false } }) },
    announce: (url: string) => void announced.push(url),
    close: async () => void closed++,
  }
  served = await serveConsole({
    // The host uses these parts of a console; the others belong to services.
    console: console as unknown as Console,
    ports: stub.ports,
    args: parseHeadlessArguments(args),
    adminToken,
    pageDir: '/nonexistent',
    version: '0.0.0',
    print: (line) => void printed.push(line),
  })
  served.printWelcome()
  return served
}

describe('a served console', () => {
  it('prints one line with a link that lets a browser in', async () => {
    const { url } = await start([])
    expect(announced).toEqual([url])
    expect(printed).toHaveLength(1)
    const link = /http:\/\/127\.0\.0\.1:\d+\/login\?key=[\w-]+/.exec(printed[0] ?? '')?.[0] ?? ''
    const reply = await fetch(link, { redirect: 'manual' })
    expect(reply.status).toBe(303)
    expect(reply.headers.get('set-cookie')).toContain('HttpOnly')
  })

  it('prints a new link when asked, and when a page finds its session ended', async () => {
    const { url, printLink } = await start([])
    printLink()
    expect(printed[1]).toMatch(/^A new login link: /)
    await fetch(`${url}/api/session`)
    expect(printed).toHaveLength(2)
    await stub.ports.time.advance(600_000)
    await fetch(`${url}/api/session`)
    expect(printed).toHaveLength(3)
  })

  it('closes the console once it no longer listens', async () => {
    const { url, close } = await start([])
    served = undefined
    await close()
    expect(closed).toBe(1)
    await expect(fetch(`${url}/health/live`)).rejects.toThrow()
  })
})

describe('a port that is taken', () => {
  it('is named with what to do, and the console is closed', async () => {
    const other = createServer()
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const address = other.address()
    const port = typeof address === 'object' ? String(address?.port) : ''
    await expect(start(['--port', port])).rejects.toMatchObject({
      code: 'conflict',
      message: `Port ${port} on 127.0.0.1 is taken by another program. End the other program, or choose another port with --port (0 takes any free one).`,
    })
    expect(closed).toBe(1)
    expect(printed).toEqual([])
    await new Promise((resolve) => other.close(resolve))
  })
})

describe('an address that others can reach', () => {
  const adminToken = 'x'.repeat(32)
  let directory: string
  let tls: string[]
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'belfry-tls-'))
    const [certificate, key] = [join(directory, 'cert.pem'), join(directory, 'key.pem')]
    const subject = ['-subj', '/CN=belfry.test', '-addext', 'subjectAltName=DNS:belfry.test']
    const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key]
    execFileSync('openssl', ['req', '-x509', ...newKey, '-out', certificate, '-days', '1', ...subject], {
      stdio: 'ignore',
    })
    tls = ['--tls-cert', certificate, '--tls-key', key]
  })
  afterEach(() => rmSync(directory, { recursive: true, force: true }))

  it('is refused without TLS and a token, saying which is missing', async () => {
    await expect(start(['--host', '0.0.0.0'])).rejects.toThrow('needs TLS (--tls-cert and --tls-key) and BELFRY_TOKEN')
    await expect(start(['--host', '0.0.0.0'], adminToken)).rejects.toThrow(
      'needs TLS (--tls-cert and --tls-key). Without',
    )
    await expect(start(['--host', '0.0.0.0', ...tls])).rejects.toThrow('needs BELFRY_TOKEN. Without')
    expect(closed).toBe(3)
  })

  it('is served with both, under the names that were allowed', async () => {
    const { url } = await start(['--host', '0.0.0.0', '--allow-host', 'belfry.test', ...tls], adminToken)
    const port = Number(new URL(url).port)
    const status = (host: string) =>
      new Promise((resolve, reject) => {
        const headers = { host: `${host}:${port}`, authorization: `Bearer ${adminToken}` }
        const ca = readFileSync(tls[1] ?? '')
        const options = { host: '127.0.0.1', port, path: '/api/session', headers, ca, servername: 'belfry.test' }
        request(options, (reply) => resolve(reply.resume().statusCode))
          .on('error', reject)
          .end()
      })
    expect(await status('belfry.test')).toBe(200)
    expect(await status('attacker.test')).toBe(403)
  })

  it('is not served with a certificate that cannot be read or does not fit', async () => {
    await expect(start(['--tls-cert', '/nonexistent', '--tls-key', '/nonexistent'])).rejects.toMatchObject({
      code: 'unprocessable',
    })
    await expect(start(['--tls-cert', tls[1] ?? ''])).rejects.toThrow('belong together')
    writeFileSync(tls[1] ?? '', 'no certificate')
    await expect(start(tls)).rejects.toMatchObject({ code: 'unprocessable' })
  })

  it('that this machine does not have is named', async () => {
    await expect(start(['--host', '192.0.2.1', ...tls], adminToken)).rejects.toThrow(
      '192.0.2.1 is no address of this machine',
    )
  })
})
