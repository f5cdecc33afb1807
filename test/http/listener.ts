/** A console listener on a free port with one credential of each kind, and a plain way to ask it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ConsoleListener, type ListenerOptions, startConsoleListener } from '#main/http/console-listener.ts'
import type { QueryService } from '#main/query/query-service.ts'
import type { BelfryHandlers } from '#shared/contract/index.ts'
import { type StubConsole, stubConsole } from '#test/support/stub-console.ts'

export const adminToken = 'an-admin-token-of-more-than-32-characters'

interface Asked {
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON; a string is sent as it is. */
  readonly body?: unknown
}

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  json<T = unknown>(): T
}

export interface TestListener {
  readonly console: StubConsole
  readonly listener: ConsoleListener
  readonly origin: string
  readonly tokens: Readonly<Record<'viewer' | 'operator' | 'admin', string>>
  /** Of a screen that was let in to the wall `lobby`. */
  readonly wallCookie: string
  ask(path: string, asked?: Asked): Promise<Answer>
  /** With the operator's token. */
  askAsOperator(path: string, asked?: Asked): Promise<Answer>
  /** Follows a fresh login link; gives the cookie as a browser would send it. */
  login(): Promise<string>
  close(): Promise<void>
}

export async function testListener(
  handlers: Partial<BelfryHandlers> = {},
  options: Partial<ListenerOptions> = {},
  queries?: QueryService,
): Promise<TestListener> {
  const console = await stubConsole(handlers, queries)
  const pageDir = samplePage()
  const listener = await startConsoleListener({
    console,
    ports: console.ports,
    host: '127.0.0.1',
    port: 0,
    tls: null,
    allowedHosts: [],
    adminToken,
    pageDir,
    version: '1.2.3',
    ...options,
  })
  const create = async (role: 'viewer' | 'operator' | 'admin') => {
    const draft = { name: `a ${role}`, role, expiresAt: null }
    return (await console.access.tokens.create(draft, { role: 'admin', name: 'test' })).secret
  }
  const tokens = { viewer: await create('viewer'), operator: await create('operator'), admin: await create('admin') }
  const screen = await console.access.tokens.createForWall('lobby', { role: 'admin', name: 'test' })
  const ask = (path: string, asked: Asked = {}) => exchange(listener.port, path, asked)
  return {
    console,
    listener,
    origin: listener.url,
    tokens,
    // Cookies are named after the port that was asked for.
    wallCookie: `belfry-wall-${options.port ?? 0}-lobby=${screen.secret}`,
    ask,
    askAsOperator: (path, asked = {}) =>
      ask(path, { ...asked, headers: { authorization: `Bearer ${tokens.operator}`, ...asked.headers } }),
    async login() {
      const { pathname, search } = new URL(listener.createLoginLink())
      const { headers } = await ask(`${pathname}${search}`)
      return String(headers['set-cookie']).split(';', 1)[0] ?? ''
    },
    async close() {
      await listener.close()
      console.close()
      rmSync(pageDir, { recursive: true, force: true })
    },
  }
}

/** node:http rather than fetch, which lets nobody choose the Host header. */
function exchange(port: number, path: string, { method = 'GET', headers = {}, body }: Asked): Promise<Answer> {
  const payload = body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body)
  const described = payload === undefined ? {} : { 'content-type': 'application/json' }
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { host: '127.0.0.1', port, path, method, headers: { ...described, ...headers } },
      (reply) => {
        const chunks: Buffer[] = []
        reply.on('data', (chunk: Buffer) => chunks.push(chunk))
        reply.on('error', reject)
        reply.on('end', () => {
          const text = Buffer.concat(chunks).toString()
          // What a test expects the answer to be is asserted right after.
          resolve({ status: reply.statusCode ?? 0, headers: reply.headers, text, json: <T>() => JSON.parse(text) as T })
        })
      },
    )
    outgoing.on('error', reject)
    outgoing.end(payload)
  })
}

function samplePage(): string {
  const directory = mkdtempSync(join(tmpdir(), 'belfry-page-'))
  mkdirSync(join(directory, 'assets'))
  writeFileSync(join(directory, 'index.html'), '<!doctype html><title>Belfry</title>')
  writeFileSync(join(directory, 'assets', 'app-1a2b.js'), 'export {}')
  return directory
}
