/**
 * The name server of the machine goes while the network stays: told once, names unknown, addresses watched as before, no
 * alert but that of the name that truly does not exist. The real console, in a network namespace of its own.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, it, vi } from 'vitest'
import type { CallName, InputOf, OutputOf } from '#shared/contract/index.ts'
import { adminToken, makeHome } from '#test/e2e/support/console-process.ts'
import { rigFigures } from '#test/support/torture.ts'
import { namespacesMissing, openTwoNamespaces } from './two-namespaces.ts'

const missing = namespacesMissing()
/** What is lost is a check that was called down for it. */
const figures = rigFigures('resolver gone')
const answering = fileURLToPath(new URL('./answering-host.ts', import.meta.url))
const naming = fileURLToPath(new URL('./name-server.ts', import.meta.url))
const headless = resolve(import.meta.dirname, '../../src/main/headless.ts')
const within = { timeout: 60_000, interval: 300 }

const ends: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).toReversed()) await end()
})

it.skipIf(missing !== null)(
  `tells a resolver that is gone from targets that are${missing ? ` (needs ${missing})` : ''}`,
  { timeout: 150_000 },
  async () => {
    const home = makeHome()
    ends.push(() => home.remove())
    const net = openTwoNamespaces('10.99.0.1')
    ends.push(() => net.close())
    const entry = (name: string, host: string) =>
      `  - {id: ${name}, name: ${name}, kind: tcp, every: 1s, timeout: 5s, confirm: {retryEvery: 1s}, config: {host: ${host}, port: 8080}}`
    mkdirSync(home.configDir, { recursive: true })
    writeFileSync(
      join(home.configDir, 'belfry.yaml'),
      [
        'version: 1',
        'notifications: {desktop: false}',
        'uplink: {references: ["10.99.65.1:443", "10.99.66.1:443"]}',
        'checks:',
        ...['one', 'two', 'three', 'four'].map((name) => entry(name, `${name}.example`)),
        entry('address', '10.99.64.9'),
        entry('gone', 'gone.example'),
        '',
      ].join('\n'),
    )
    const world = net.start('world', process.execPath, [answering, '8080'])
    await world.line(/listening/)
    const first = net.start('world', process.execPath, [naming])
    await first.line(/listening/)
    const belfry = net.start('machine', 'env', [
      `BELFRY_TOKEN=${adminToken}`,
      process.execPath,
      headless,
      ...['--no-open', '--port', '4680', '--data', home.dataDir, '--config', home.configDir],
    ])
    ends.push(() => belfry.end())
    await belfry.line(/Belfry is watching/, 60_000)
    const ask = <K extends CallName>(name: K, input: InputOf<K>): OutputOf<K> =>
      JSON.parse(
        net.run(
          'machine',
          'curl',
          [
            ...[
              '-sS',
              '-X',
              'POST',
              '-H',
              'content-type: application/json',
              '-H',
              `authorization: Bearer ${adminToken}`,
            ],
            ...['--data-binary', '@-', `http://127.0.0.1:4680/api/rpc/${name}`],
          ],
          JSON.stringify(input),
        ),
      )
    const states = () => Object.fromEntries(ask('checks.list', {}).map(({ id, state }) => [id, state]))
    const notices = () => ask('console.notices', {}).map(({ id }) => id)
    const named = (state: string) => ({ one: state, two: state, three: state, four: state, address: 'up' })

    await vi.waitFor(() => expect(states()).toEqual({ ...named('up'), gone: 'down' }), within)
    await first.end()
    await vi.waitFor(() => expect(states()).toMatchObject(named('unknown')), within)
    await vi.waitFor(() => {
      const reasons = ask('checks.list', {}).map(({ last }) => last?.reason.code)
      expect(reasons).toEqual(['resolver', 'resolver', 'resolver', 'resolver', 'ok', 'resolver'])
    }, within)
    expect(notices()).toEqual(['resolver'])
    const second = net.start('world', process.execPath, [naming])
    await second.line(/listening/)
    await vi.waitFor(() => expect(states()).toEqual({ ...named('up'), gone: 'down' }), within)
    await vi.waitFor(() => expect(notices()).toEqual([]), within)
    const { alerts } = ask('alerts.list', { states: ['pending', 'firing', 'recovering', 'resolved'] })
    // A busy machine has alerts of its own.
    const ofChecks = alerts.filter(({ rule }) => rule.startsWith('Check'))
    figures.runs++
    figures.lost = ofChecks.filter(({ checkId }) => checkId !== 'gone').length
    figures.isControlRed = ofChecks.some(({ checkId }) => checkId === 'gone')
    expect(ofChecks.map(({ rule, checkId }) => `${rule} ${checkId}`)).toEqual(['CheckDown gone'])
  },
)
