/**
 * The console runs out of file descriptors: its own trouble, told once; no target is found down, and all is as before
 * when it is over. The real console, from its sources.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join, resolve } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { startChild } from '#test/e2e/support/child.ts'
import { adminToken, makeHome } from '#test/e2e/support/console-process.ts'
import { rpc } from '#test/e2e/support/rpc.ts'
import { rigFigures } from '#test/support/torture.ts'

const headless = resolve(import.meta.dirname, '../../src/main/headless.ts')
/** What is lost is a check that was called down for it. */
const figures = rigFigures('starved console')
const patiently = { timeout: 180_000 }
const within = { timeout: 90_000, interval: 250 }

const ends: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

async function open(checks: readonly string[]) {
  const home = makeHome()
  ends.push(() => home.remove())
  mkdirSync(home.configDir, { recursive: true })
  writeFileSync(
    join(home.configDir, 'belfry.yaml'),
    ['version: 1', 'notifications: {desktop: false}', 'checks:', ...checks, ''].join('\n'),
  )
  const child = startChild(
    process.execPath,
    [headless, '--no-open', '--port', '0', '--data', home.dataDir, '--config', home.configDir],
    { env: { ...process.env, BELFRY_TOKEN: adminToken } },
  )
  ends.push(() => child.end())
  const match = await child.line(/(http:\/\/127\.0\.0\.1:\d+)\/login\S+/, 60_000)
  return { origin: String(match[1]), pid: child.process.pid ?? 0 }
}

async function listen(): Promise<{ port: number; close: () => void }> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy())
    socket.end()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  ends.push(() => void server.close())
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('expected a port')
  return { port: address.port, close: () => server.close() }
}

const entry = (name: string, host: string, port: number) =>
  `  - {id: ${name}, name: ${name}, kind: tcp, every: 1s, timeout: 5s, confirm: {retryEvery: 1s}, config: {host: ${host}, port: ${port}}}`

const statesOf = async (origin: string) => [
  ...new Set((await rpc(origin, 'checks.list', {})).map(({ state }) => state)),
]
const checkAlerts = async (origin: string) =>
  (await rpc(origin, 'alerts.list', { states: ['pending', 'firing', 'recovering', 'resolved'] })).alerts.filter(
    ({ rule }) => rule.startsWith('Check'),
  )

const missing = existsSync('/usr/bin/prlimit') ? '' : ' (needs Linux and the package util-linux)'

it.skipIf(missing !== '')(`runs out of file descriptors and finds no target down${missing}`, patiently, async () => {
  const target = await listen()
  const checks = Array.from({ length: 10 }, (_, index) => entry(`c${index}`, '127.0.0.1', target.port))
  const { origin, pid } = await open(checks)
  await vi.waitFor(async () => expect(await statesOf(origin)).toEqual(['up']), within)
  const { now: since } = await rpc(origin, 'console.info', {})
  // Every number below the limit is taken, and what is open stays open.
  const highest = Math.max(...readdirSync(`/proc/${pid}/fd`).map(Number))
  const limit = (soft: number) => execFileSync('prlimit', ['--pid', String(pid), `--nofile=${soft}:`])
  limit(Math.min(highest, 20))
  await vi.waitFor(async () => {
    const views = await rpc(origin, 'checks.list', {})
    expect(views.map(({ last }) => last?.reason.code)).toEqual(views.map(() => 'out-of-descriptors'))
    expect([...new Set(views.map(({ state }) => state))]).toEqual(['unknown'])
  }, within)
  const notices = (await rpc(origin, 'console.notices', {})).map(({ id }) => id)
  expect(notices.filter((id) => id.startsWith('own-limits'))).toEqual(['own-limits.out-of-descriptors'])
  limit(4096)
  await vi.waitFor(async () => expect(await statesOf(origin)).toEqual(['up']), within)
  figures.runs++
  figures.lost = (await checkAlerts(origin)).length
  expect(figures.lost).toBe(0)
  const { troubled, blind } = await rpc(origin, 'absence.report', { since })
  expect(troubled).toEqual([])
  expect(blind.map(({ reason, checks: count }) => [reason.code, count])).toEqual([['out-of-descriptors', 10]])
  // The same checks find what is true.
  target.close()
  await vi.waitFor(async () => expect(await checkAlerts(origin)).toHaveLength(10), within)
  figures.isControlRed = true
})
