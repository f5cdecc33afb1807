/**
 * The cable is pulled while hundreds of checks are watched through it: one notice, one alert, no target's alert, no
 * downtime; what truly went down meanwhile alerts afterwards. The real console, in a network namespace of its own.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { CallName, InputOf, OutputOf } from '#shared/contract/index.ts'
import { adminToken, type ConsoleHome, makeHome } from '#test/e2e/support/console-process.ts'
import { patienceMs, rigFigures, rounds } from '#test/support/torture.ts'
import { namespacesMissing, openTwoNamespaces, type TwoNamespaces } from './two-namespaces.ts'

/** A run is a cut; what is lost is a check that was called down for it. */
const figures = rigFigures('uplink cut')
const missing = namespacesMissing()
const headless = resolve(import.meta.dirname, '../../src/main/headless.ts')
const answering = fileURLToPath(new URL('./answering-host.ts', import.meta.url))
/** A loaded machine: some 30 s when it is quiet. */
const patiently = { timeout: patienceMs(120_000) }
const within = { timeout: 60_000, interval: 300 }

interface Site {
  readonly net: TwoNamespaces
  ask<K extends CallName>(name: K, input: InputOf<K>): OutputOf<K>
  /** The only target that listens there. */
  closePort(port: number): Promise<void>
  close(): Promise<void>
}

async function open(checks: number, everySeconds: number, uplink: string): Promise<Site> {
  const net = openTwoNamespaces()
  const home: ConsoleHome = makeHome()
  mkdirSync(home.configDir, { recursive: true })
  const entry = (name: string, target: string) =>
    [
      `  - {id: ${name}, name: ${name}, kind: tcp, every: ${everySeconds}s, timeout: 2s,`,
      `     confirm: {retryEvery: 1s}, config: ${target}}`,
    ].join('\n')
  const targets = Array.from({ length: checks }, (_, index) =>
    entry(`far-${index}`, `{host: 10.99.${64 + (index >> 8)}.${index & 255}, port: 8080}`),
  )
  writeFileSync(
    join(home.configDir, 'belfry.yaml'),
    [
      'version: 1',
      'notifications: {desktop: false}',
      uplink,
      'checks:',
      ...targets,
      entry('closes', '{host: 10.99.64.1, port: 8081}'),
      entry('own', '{host: 127.0.0.1, port: 4680}'),
      '',
    ].join('\n'),
  )
  const world = net.start('world', process.execPath, [answering, '8080', '8081'])
  await world.line(/listening/)
  const belfry = net.start('machine', 'env', [
    `BELFRY_TOKEN=${adminToken}`,
    process.execPath,
    headless,
    ...['--no-open', '--port', '4680', '--data', home.dataDir, '--config', home.configDir],
  ])
  await belfry.line(/Belfry is watching/, 60_000)
  return {
    net,
    ask(name, input) {
      const reply = net.run(
        'machine',
        'curl',
        [
          ...['-sS', '-X', 'POST', '-H', 'content-type: application/json', '-H', `authorization: Bearer ${adminToken}`],
          ...['--data-binary', '@-', `http://127.0.0.1:4680/api/rpc/${name}`],
        ],
        JSON.stringify(input),
      )
      return JSON.parse(reply)
    },
    async closePort(port) {
      world.process.stdin?.write(`${port}\n`)
      await world.line(new RegExp(`closed ${port}`))
    },
    async close() {
      await belfry.end()
      await net.close()
      home.remove()
    },
  }
}

const statesOf = ({ ask }: Site) => {
  const counts: Record<string, number> = {}
  for (const { state } of ask('checks.list', {})) counts[state] = (counts[state] ?? 0) + 1
  return counts
}
const stateOf = ({ ask }: Site, id: string) => ask('checks.list', {}).find((check) => check.id === id)?.state
const alertsOf = ({ ask }: Site) =>
  ask('alerts.list', { states: ['pending', 'firing', 'recovering', 'resolved'], limit: 1000 }).alerts

const references = 'uplink: {references: ["10.99.65.1:443", "10.99.66.1:443"]}'

describe.skipIf(missing !== null)(`a machine whose cable is pulled${missing ? ` (needs ${missing})` : ''}`, () => {
  const count = 500
  let site: Site
  beforeAll(async () => {
    site = await open(count, 5, references)
    await vi.waitFor(() => expect(statesOf(site)).toEqual({ up: count + 2 }), within)
  }, 120_000)
  afterAll(() => site?.close())

  it('tells it once, finds no target down, and watches what is its own', patiently, async () => {
    const { net, ask } = site
    for (let round = 0; round < rounds(1, 20); round++) {
      net.pull()
      await vi.waitFor(() => expect(ask('console.notices', {}).map(({ id }) => id)).toEqual(['uplink']), within)
      // Each check is measured several times in the dark.
      await vi.waitFor(() => expect(statesOf(site)).toEqual({ up: 1, unknown: count + 1 }), within)
      expect(stateOf(site, 'own')).toBe('up')
      expect(ask('checks.list', {}).find(({ id }) => id === 'far-7')?.reason.code).toBe('uplink')
      await vi.waitFor(() => expect(alertsOf(site).map(({ rule }) => rule)).toContain('UplinkLost'), within)
      if (round === 0) await site.closePort(8081)
      net.plug()
      figures.runs++
      await vi.waitFor(() => expect(statesOf(site)).toEqual({ up: count + 1, down: 1 }), within)
    }
    const notices = ask('console.notices', {})
    expect(notices.map(({ id, level }) => ({ id, level }))).toEqual([{ id: 'uplink', level: 'info' }])
    expect(stateOf(site, 'closes')).toBe('down')
    await vi.waitFor(() => expect(alertsOf(site).map(({ rule }) => rule)).toContain('CheckDown'), within)
    const alerts = alertsOf(site).filter(({ rule }) => rule.startsWith('Check'))
    figures.lost = alerts.filter(({ checkId }) => checkId !== 'closes').length
    expect(alerts.map(({ rule, checkId, state }) => [rule, checkId, state])).toEqual([
      ['CheckDown', 'closes', 'firing'],
    ])
  })

  it('accounts no downtime to any target but the one that went down', patiently, () => {
    const ids = Array.from({ length: count }, (_, index) => `far-${index}`)
    for (let from = 0; from < count; from += 100) {
      for (const { id, bar, uptime } of site.ask('checks.histories', { ids: ids.slice(from, from + 100) })) {
        expect({
          id,
          downMs: bar.reduce((sum, { downMs }) => sum + downMs, 0),
          ratio: uptime.day.availabilityRatio,
        }).toEqual({ id, downMs: 0, ratio: 1 })
      }
    }
    const [closed] = site.ask('checks.histories', { ids: ['closes'] })
    expect(closed?.uptime.day.availabilityRatio).toBeLessThan(1)
  })
})

it.skipIf(missing !== null)(
  'without the guard the same cable brings an alert for every target',
  patiently,
  async () => {
    const count = 10
    const site = await open(count, 1, 'uplink: {enabled: false}')
    try {
      await vi.waitFor(() => expect(statesOf(site)).toEqual({ up: count + 2 }), within)
      site.net.pull()
      await vi.waitFor(() => expect(statesOf(site)).toEqual({ up: 1, down: count + 1 }), within)
      await vi.waitFor(
        () => expect(alertsOf(site).filter(({ rule }) => rule === 'CheckDown')).toHaveLength(count + 1),
        within,
      )
      figures.isControlRed = true
    } finally {
      await site.close()
    }
  },
)
