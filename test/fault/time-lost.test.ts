/**
 * The console is stopped for a while, and its clock is set forward and back by two hours: no false alert, nothing counted
 * as down or twice, each told once; and what truly goes down afterwards still alerts. The real console, from its sources.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { join, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, expect, it, vi } from 'vitest'
import { type Child, startChild } from '#test/e2e/support/child.ts'
import { adminToken, type ConsoleHome, makeHome } from '#test/e2e/support/console-process.ts'
import { rpc } from '#test/e2e/support/rpc.ts'
import { patienceMs, rigFigures, rounds } from '#test/support/torture.ts'

const headless = resolve(import.meta.dirname, '../../src/main/headless.ts')
const faketime = '/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1'
/** A run is a stop or a setting of the clock; what is lost is a check that was called down for it. */
const figures = rigFigures('time lost')
/** Longer than what is taken for a stall only. */
const stoppedMs = rounds(14_000, 600_000)
const patiently = { timeout: patienceMs(120_000) }
const within = { timeout: 60_000, interval: 250 }
const checks = 10

const ends: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

interface Target {
  readonly port: number
  close(): Promise<void>
}

async function listen(): Promise<Target> {
  const sockets = new Set<Socket>()
  const server: Server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
    socket.end()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('expected a port')
  const close = () =>
    new Promise<void>((done) => {
      for (const socket of sockets) socket.destroy()
      server.close(() => done())
    })
  ends.push(close)
  return { port: address.port, close }
}

interface Site {
  readonly child: Child
  readonly target: Target
  readonly origin: string
}

async function open(env: Readonly<Record<string, string>> = {}): Promise<Site> {
  const target = await listen()
  const home: ConsoleHome = makeHome()
  ends.push(() => home.remove())
  mkdirSync(home.configDir, { recursive: true })
  const entries = Array.from(
    { length: checks },
    (_, index) =>
      `  - {id: c${index}, name: c${index}, kind: tcp, every: 1s, timeout: 900ms, confirm: {retryEvery: 1s}, config: {host: 127.0.0.1, port: ${target.port}}}`,
  )
  const config = ['version: 1', 'notifications: {desktop: false}', 'checks:', ...entries, '']
  writeFileSync(join(home.configDir, 'belfry.yaml'), config.join('\n'))
  const child = startChild(
    process.execPath,
    [headless, '--no-open', '--port', '0', '--data', home.dataDir, '--config', home.configDir],
    { env: { ...process.env, BELFRY_TOKEN: adminToken, ...env } },
  )
  ends.push(() => child.end())
  const match = await child.line(/(http:\/\/127\.0\.0\.1:\d+)\/login\S+/, 60_000)
  const site = { child, target, origin: String(match[1]) }
  await vi.waitFor(async () => expect(await statesOf(site)).toEqual(['up']), within)
  return site
}

const statesOf = async ({ origin }: Site) => [
  ...new Set((await rpc(origin, 'checks.list', {})).map(({ state }) => state)),
]
const noticesOf = async ({ origin }: Site) => (await rpc(origin, 'console.notices', {})).map(({ id }) => id)
const checkAlerts = async ({ origin }: Site) =>
  (await rpc(origin, 'alerts.list', { states: ['pending', 'firing', 'recovering', 'resolved'] })).alerts.filter(
    ({ rule }) => rule.startsWith('Check'),
  )
/** What was accounted in the last hours, worst check: in ms by state. */
const totalsOf = async ({ origin }: Site, id: string) => {
  const { now } = await rpc(origin, 'console.info', {})
  return rpc(origin, 'checks.timeline', { id, range: { from: now - 5 * 3_600_000, to: now } })
}

async function expectAlertWhenDown(site: Site): Promise<void> {
  await site.target.close()
  await vi.waitFor(async () => expect(await checkAlerts(site)).toHaveLength(checks), within)
  figures.isControlRed = true
}

it.skipIf(process.platform === 'win32')(
  'is stopped for a while and goes on as if nothing had been',
  patiently,
  async () => {
    const site = await open()
    site.child.process.kill('SIGSTOP')
    await delay(stoppedMs)
    site.child.process.kill('SIGCONT')
    await vi.waitFor(async () => expect(await noticesOf(site)).toEqual(['time.asleep']), within)
    await vi.waitFor(async () => expect(await statesOf(site)).toEqual(['up']), within)
    figures.runs++
    figures.lost += (await checkAlerts(site)).length
    expect(figures.lost).toBe(0)
    for (let index = 0; index < checks; index++) {
      const { intervals, totals } = await totalsOf(site, `c${index}`)
      expect({ index, downMs: totals.down }).toEqual({ index, downMs: 0 })
      const asleep = intervals.filter(({ reason }) => reason.code === 'asleep')
      expect(asleep).toHaveLength(1)
      const lengthMs = (asleep[0]?.to ?? 0) - (asleep[0]?.from ?? 0)
      expect(lengthMs).toBeGreaterThan(stoppedMs - 2500)
      expect(lengthMs).toBeLessThan(stoppedMs + 10_000)
    }
    // The rig sees what is true: the same console, the same checks.
    await expectAlertWhenDown(site)
  },
)

const missing = existsSync(faketime) ? '' : ' (needs the package faketime)'

it.skipIf(missing !== '')(`has its clock set forward and back by two hours${missing}`, patiently, async () => {
  const home = makeHome()
  ends.push(() => home.remove())
  mkdirSync(home.dataDir, { recursive: true })
  const clockFile = join(home.dataDir, 'clock')
  const set = (shift: string) => writeFileSync(clockFile, `${shift}\n`)
  set('+0')
  const site = await open({
    LD_PRELOAD: faketime,
    FAKETIME_TIMESTAMP_FILE: clockFile,
    FAKETIME_NO_CACHE: '1',
    DONT_FAKE_MONOTONIC: '1',
    // The name that newer versions of the library know.
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  })
  const nowOf = async () => (await rpc(site.origin, 'console.info', {})).now
  const lastOf = async () => Math.max(...(await rpc(site.origin, 'checks.list', {})).map(({ last }) => last?.at ?? 0))

  const before = await nowOf()
  set('+2h')
  await vi.waitFor(async () => expect(await noticesOf(site)).toEqual(['time.clock']), within)
  await vi.waitFor(async () => expect(await statesOf(site)).toEqual(['up']), within)
  expect((await nowOf()) - before).toBeGreaterThan(7_200_000)
  const { intervals, totals } = await totalsOf(site, 'c0')
  expect(totals.down).toBe(0)
  const skipped = intervals.filter(({ reason }) => reason.code === 'clock-set')
  expect(skipped.map(({ from, to }) => Math.round((to - from) / 60_000))).toEqual([120])

  const ahead = await nowOf()
  set('+0')
  await vi.waitFor(async () => {
    const notices = await rpc(site.origin, 'console.notices', {})
    expect(notices.map(({ id, level }) => [id, level])).toEqual([['time.clock', 'warning']])
  }, within)
  const last = await lastOf()
  expect(await nowOf()).toBeGreaterThanOrEqual(ahead)
  await vi.waitFor(async () => expect(await lastOf()).toBeGreaterThan(last + 2000), within)
  expect(await statesOf(site)).toEqual(['up'])
  expect((await totalsOf(site, 'c0')).totals.down).toBe(0)
  figures.runs += 2
  figures.lost += (await checkAlerts(site)).length
  expect(figures.lost).toBe(0)
  const alerts = (await rpc(site.origin, 'alerts.list', {})).alerts.map(({ rule }) => rule)
  expect(alerts).not.toContain('BelfryBlind')
  await expectAlertWhenDown(site)
})
