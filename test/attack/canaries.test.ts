/**
 * Secrets that are planted wherever Belfry takes one, and looked for wherever it shows, stores or writes something, after
 * a tour through its calls and failures: against a target that echoes all it was sent.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type CallName, contract } from '#shared/contract/index.ts'
import { nodeOptions } from '../../scripts/console-command.ts'
import { type Child, startChild } from '../e2e/support/child.ts'
import { rigFigures } from '../support/torture.ts'

const figures = rigFigures('canary secrets')
const entry = join(import.meta.dirname, '../../src/main/headless.ts')
const canary = (where: string) => `canary-${where}-7f3b9c1d5e8a2460`

/** Planted in places that are declared secret, or referred to from places that are not. */
const secrets = {
  adminToken: canary('admin-token-of-more-than-32-characters'),
  password: canary('password'),
  bearer: canary('bearer'),
  environment: canary('environment'),
  stored: canary('stored'),
  loginKey: canary('guessed-login-key'),
  wrongToken: canary('wrong-token'),
}
/** No secret: where it is not found, nothing would be. */
const named = canary('name')

let directory: string
let echo: Server
/** What the target was sent as credentials. */
const received = new Set<string | undefined>()
let running: Child
let origin: string
/** What was answered, by what was asked. */
const answers: [asked: string, answer: string][] = []

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'belfry-canary-'))
  mkdirSync(join(directory, 'config'))
  echo = createServer((request, response) => {
    received.add(request.headers.authorization)
    const sent = JSON.stringify({ url: request.url, headers: request.headers })
    response.writeHead(500, { 'content-type': 'application/json', 'x-echo': request.headers.authorization ?? 'none' })
    response.end(sent)
  })
  await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve))
  const address = echo.address()
  const url = `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}/`
  const check = (name: string, config: object) => ({ name, kind: 'http', every: '1s', config: { url, ...config } })
  const config = {
    checks: [
      check(named, {}),
      check('Basic', { auth: { type: 'basic', username: 'someone', password: secrets.password } }),
      check('Bearer', { auth: { type: 'bearer', token: secrets.bearer } }),
      check('Environment', { auth: { type: 'bearer', token: ['$', '{CANARY_ENVIRONMENT}'].join('') } }),
      check('Stored', { auth: { type: 'bearer', token: 'secret:canary' } }),
    ],
  }
  writeFileSync(join(directory, 'config', 'belfry.yaml'), JSON.stringify(config))
  const places = ['--data', join(directory, 'data'), '--config', join(directory, 'config')]
  running = startChild(process.execPath, [...nodeOptions, entry, '--no-open', '--port', '0', ...places], {
    env: { ...process.env, BELFRY_TOKEN: secrets.adminToken, CANARY_ENVIRONMENT: secrets.environment },
  })
  origin = String((await running.line(/(http:\/\/127\.0\.0\.1:\d+)\/login/))[1])
})
afterAll(async () => {
  await running?.end('SIGKILL')
  echo?.closeAllConnections()
  echo?.close()
  rmSync(directory, { recursive: true, force: true })
})

async function ask(asked: string, init: RequestInit = {}): Promise<string> {
  const headers = { authorization: `Bearer ${secrets.adminToken}`, 'content-type': 'application/json', ...init.headers }
  const reply = await fetch(`${origin}${asked}`, { ...init, headers })
  const answer = await reply.text()
  answers.push([`${asked} ${init.body ?? ''}`, JSON.stringify([...reply.headers]) + answer])
  return answer
}

const rpc = (name: CallName, input: unknown) => ask(`/api/rpc/${name}`, { method: 'POST', body: JSON.stringify(input) })

/** These end the console or ask for a good deal of time, and show nothing that others do not. */
const leftOut: readonly CallName[] = ['console.restart', 'backup.restore']

async function tour(): Promise<void> {
  await rpc('secrets.set', { name: 'canary', value: secrets.stored })
  const listed: { id: string }[] = JSON.parse(await rpc('checks.list', {}))
  for (const { id } of listed) {
    for (const name of ['checks.run', 'checks.get', 'checks.definition', 'checks.timeline'] as const)
      await rpc(name, { id })
    await rpc('checks.results', { id, limit: 100, cursor: null })
  }
  for (const { id } of listed) {
    const draft: unknown = JSON.parse(await rpc('checks.definition', { id }))
    await rpc('checks.try', { id, draft })
  }
  for (const name of (Object.keys(contract.calls) as CallName[]).filter((one) => !leftOut.includes(one))) {
    await rpc(name, {})
    await rpc(name, { limit: 100, cursor: null })
    await rpc(name, { format: 'json', withConfiguration: false })
  }
  for (const path of ['/', '/health', '/health/detailed', '/api/openapi.json', '/api/session']) await ask(path)
  for (const path of [
    '/api/monitoring/synthetic/checks',
    '/api/monitoring/synthetic/results',
    '/api/monitoring/alerts',
  ])
    await ask(path)
  await ask(`/login?key=${secrets.loginKey}`)
  await ask('/api/session', { headers: { authorization: `Bearer ${secrets.wrongToken}` } })
  await ask('/api/rpc/checks.save', { method: 'POST', body: `{"broken": "${secrets.password}` })
}

function filesIn(folder: string): [name: string, content: Buffer][] {
  return readdirSync(folder, { recursive: true, withFileTypes: true, encoding: 'utf8' })
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name))
    .map((file) => [file, readFileSync(file)])
}

/** Where the text is found: in an answer, in what was printed, or in a file of the data directory. */
function places(text: string): string[] {
  const said = answers.filter(([, answer]) => answer.includes(text)).map(([asked]) => asked)
  const printed = running.lines.filter((line) => line.includes(text))
  const files = filesIn(join(directory, 'data')).filter(([, content]) => content.includes(text))
  return [...said, ...printed, ...files.map(([file]) => file)]
}

it('shows, stores and writes down no secret in all of a tour', { timeout: 60_000 }, async () => {
  await tour()
  figures.runs = answers.length
  expect(answers.length).toBeGreaterThan(100)
  expect(places(named)).toContainEqual(expect.stringContaining('belfry.db'))
  expect(places(named)).toContainEqual(expect.stringContaining('checks.list'))
  const bearers = [secrets.bearer, secrets.environment, secrets.stored].map((secret) => `Bearer ${secret}`)
  expect([...received]).toEqual(expect.arrayContaining([expect.stringMatching(/^Basic /), ...bearers]))
  figures.isControlRed = true

  // The files as they are written are for who may change them; what is written out in them is theirs to see.
  const isWritten = (place: string) => /config\.(source|exportAll)/.test(place)
  // A text that is no JSON is quoted to whoever sent it, and to nobody else.
  const isExpected = (where: string, place: string) =>
    place.includes('{"broken"') || (isWritten(place) && (where === 'password' || where === 'bearer'))
  const found = Object.entries(secrets).map(
    ([where, text]) => [where, places(text).filter((place) => !isExpected(where, place))] as const,
  )
  figures.lost = found.filter(([, at]) => at.length > 0).length
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(Object.keys(secrets).map((where) => [where, []])))
})
