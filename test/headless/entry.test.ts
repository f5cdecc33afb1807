/** The built headless entry as a process of its own: what it prints, how it ends, what it leaves. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, afterEach, expect, it } from 'vitest'
import { type Child, startChild } from '#test/e2e/support/child.ts'

const entry = resolve(import.meta.dirname, '../../out/main/headless.js')
const directory = mkdtempSync(join(tmpdir(), 'belfry-entry-'))
const home = ['--data', join(directory, 'data'), '--config', join(directory, 'config')]
/** A whole start, on a machine that is busy with other tests. */
const patiently = { timeout: 60_000 }

const started: Child[] = []
afterEach(async () => {
  for (const child of started.splice(0)) await child.end('SIGKILL')
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

function run(args: readonly string[], nodeArgs: readonly string[] = []): Child {
  const child = startChild(process.execPath, [...nodeArgs, entry, '--no-open', ...args])
  started.push(child)
  return child
}

async function running(nodeArgs: readonly string[] = []) {
  const child = run(['--port', '0', ...home], nodeArgs)
  const [link] = await child.line(/http:\/\/127\.0\.0\.1:\d+\/login\?key=[\w-]+/)
  return { child, link, origin: new URL(link).origin }
}

const exitOf = (child: Child) =>
  new Promise<number | null>((done) => {
    if (child.process.exitCode !== null) done(child.process.exitCode)
    else child.process.on('exit', done)
  })

it('prints one line, lets a browser in for good, and ends in order on SIGTERM', patiently, async () => {
  const first = await running()
  const login = await fetch(first.link, { redirect: 'manual' })
  const cookie = login.headers.get('set-cookie')?.split(';', 1)[0] ?? ''
  expect(first.child.lines).toEqual([expect.stringContaining('Belfry is watching. Open http://127.0.0.1:')])
  first.child.process.kill('SIGTERM')
  expect(await exitOf(first.child)).toBe(0)

  const second = await running()
  const session = await fetch(`${second.origin}/api/session`, { headers: { cookie } })
  expect(await session.json()).toEqual({ name: 'session', role: 'admin' })
})

it.runIf(process.platform === 'linux')('has threads enough for names that are not answered', patiently, async () => {
  const { child } = await running()
  const tasks = `/proc/${child.process.pid}/task`
  const names = readdirSync(tasks).map((task) => readFileSync(`${tasks}/${task}/comm`, 'utf8').trim())
  expect(names.filter((name) => name.startsWith('libuv-worker'))).toHaveLength(32)
})

it('prints a new link on SIGUSR2', patiently, async () => {
  const { child, link } = await running()
  child.process.kill('SIGUSR2')
  const [, newer] = await child.line(/A new login link: (\S+)/)
  expect((await fetch(String(newer), { redirect: 'manual' })).status).toBe(303)
  expect((await fetch(link, { redirect: 'manual' })).status).toBe(401)
})

it('goes on watching when whoever read what it prints is gone', patiently, async () => {
  const { child, link, origin } = await running()
  child.process.stdout?.destroy()
  child.process.stderr?.destroy()
  expect((await fetch(link, { redirect: 'manual' })).status).toBe(303)
  // With no link left to come in by, a stranger at the door makes Belfry print one, here to nobody.
  for (let knock = 0; knock < 3; knock++) expect((await fetch(`${origin}/api/session`)).status).toBe(401)
  expect((await fetch(`${origin}/health/live`)).status).toBe(200)
  child.process.kill('SIGTERM')
  expect(await exitOf(child)).toBe(0)
})

it('refuses a second start on the same data, saying who is there and where', patiently, async () => {
  const { child, origin } = await running()
  const second = run(['--port', '0', ...home])
  expect(await exitOf(second)).toBe(1)
  const [message] = await second.line(/Another Belfry uses the data directory.*/)
  expect(message).toContain(`process ${child.process.pid}`)
  expect(message).toContain(origin)
  expect((await fetch(`${origin}/health/live`)).status).toBe(200)
})

it('gives its data free again when its port is taken', patiently, async () => {
  const { child, origin } = await running()
  const elsewhere = ['--data', join(directory, 'other'), '--config', join(directory, 'config')]
  for (let attempt = 0; attempt < 2; attempt++) {
    const refused = run(['--port', new URL(origin).port, ...elsewhere])
    expect(await exitOf(refused)).toBe(1)
    await refused.line(/^Port \d+ on 127\.0\.0\.1 is taken by another program/)
  }
  await child.end()
})

it.each([
  [['--port', 'x'], 2, /^--port: expected a number/],
  [['--nonsense'], 2, /'--nonsense'/],
])('refuses %j before anything is opened', patiently, async (args, code, message) => {
  const fresh = join(directory, 'never')
  const child = run([...args, '--data', fresh])
  expect(await exitOf(child)).toBe(code)
  await child.line(message)
  expect(existsSync(fresh)).toBe(false)
})

it('says and logs what nobody caught, and ends', patiently, async () => {
  const planted = `import { isMainThread } from 'node:worker_threads'
    if (isMainThread) process.on('SIGHUP', () => { throw new Error('planted') })`
  const { child } = await running(['--import', `data:text/javascript,${encodeURIComponent(planted)}`])
  child.process.kill('SIGHUP')
  expect(await exitOf(child)).toBe(70)
  await child.line(/Belfry ended unexpectedly: Error: planted/)
  expect(readFileSync(join(directory, 'data', 'logs', 'belfry.log'), 'utf8')).toContain('planted')
})
