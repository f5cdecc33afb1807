/** Alerting over a real database, rule files in a directory of its own, samples in memory, and time that stands still. */
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type Alerting, type AlertingOptions, createAlerting } from '#main/alerts/alerting.ts'
import type { ConfigFile } from '#main/config/config-file.ts'
import { createEvents } from '#main/events.ts'
import { createNotices, type Notices } from '#main/notices.ts'
import type { StateStore } from '#main/store/state-store.ts'
import type { AlertView } from '#shared/contract/alerts.ts'
import type { EventName } from '#shared/contract/index.ts'
import { settle } from '#test/support/fake-time.ts'
import { memoryConfig } from '#test/support/memory-config.ts'
import { type MemoryMetrics, memoryMetrics } from '#test/support/memory-metrics.ts'
import { memoryQueries } from '#test/support/memory-queries.ts'
import { type FakePorts, fakePorts } from '#test/support/ports.ts'
import { type TemporaryState, temporaryState } from '#test/support/state-store.ts'

export interface AlertingWorld {
  alerting: Alerting
  readonly state: TemporaryState
  readonly metrics: MemoryMetrics
  readonly config: ConfigFile
  notices: Notices
  ports: FakePorts
  readonly emitted: { readonly name: EventName; readonly payload: unknown }[]
  /** Writes a sample now. */
  put(name: string, labels: Record<string, string>, value: number): void
  /** Lets time pass, and waits until everything that it started is done. */
  pass(ms: number): Promise<void>
  /** Waits until everything that was started is done. */
  quiet(): Promise<void>
  active(): Promise<AlertView[]>
  /** What the inbox holds, oldest first: `event title`. */
  told(): Promise<string[]>
  /** Ends without a goodbye and starts again on the same database, at the same time. */
  crash(changes?: Partial<WorldOptions>): Promise<void>
  close(): Promise<void>
}

export interface WorldOptions {
  /** Content of rules/test.yml; empty: none. */
  readonly rules: string
  readonly presets: boolean
  readonly channelKinds: AlertingOptions['channelKinds']
  /** Every look at the clock takes a millisecond, so that long work comes in slices. Otherwise it takes no time. */
  readonly isSlow: boolean
  /** Stands between alerting and the database. */
  readonly through: (state: StateStore) => StateStore
}

const repository = resolve(import.meta.dirname, '../..')

export async function alertingWorld(given: Partial<WorldOptions> = {}): Promise<AlertingWorld> {
  let options: WorldOptions = {
    rules: '',
    presets: false,
    channelKinds: undefined,
    isSlow: false,
    through: (state) => state,
    ...given,
  }
  const state = await temporaryState()
  const metrics = memoryMetrics()
  const configDirectory = join(state.directory, 'config')
  await mkdir(join(configDirectory, 'rules'), { recursive: true })
  await mkdir(join(state.directory, 'none', 'rules'), { recursive: true })
  const config = { ...memoryConfig(), directory: configDirectory }
  const emitted: AlertingWorld['emitted'] = []
  let stopListening = () => {}
  let lives = 0

  async function open(at: number | null) {
    if (options.rules !== '') await writeFile(join(configDirectory, 'rules', 'test.yml'), options.rules)
    const ports = fakePorts()
    if (at !== null) ports.time.setWallClock(at)
    const events = createEvents()
    stopListening = events.subscribe((name, payload) => void emitted.push({ name, payload }))
    const notices = createNotices(ports.clock, ports.logger, events)
    let slowMs = 0
    const slowClock = { now: ports.clock.now, monotonicMs: () => slowMs++ }
    const life = ++lives
    const alerting = createAlerting({
      ports: options.isSlow ? { ...ports, clock: slowClock } : ports,
      state: mortal(options.through(state), () => life === lives),
      metrics,
      queries: memoryQueries(metrics),
      config,
      events,
      notices,
      resourcesDir: options.presets ? join(repository, 'resources') : join(state.directory, 'none'),
      ...(options.channelKinds ? { channelKinds: options.channelKinds } : {}),
    })
    await alerting.start()
    return { ports, notices, alerting }
  }

  const world: AlertingWorld = {
    ...(await open(null)),
    state,
    metrics,
    config,
    emitted,
    put: (name, labels, value) => metrics.put(name, labels, world.ports.clock.now(), value),
    async pass(ms) {
      await world.ports.time.advance(ms)
      await world.quiet()
    },
    async quiet() {
      for (let turn = 0; turn < 40; turn++) await settle()
    },
    async active() {
      const query = { severities: [], labels: [], text: '', limit: 100, cursor: null }
      return (await world.alerting.alerts.list({ ...query, states: ['pending', 'firing', 'recovering'] })).alerts
    },
    async told() {
      const { items } = await world.alerting.notify.inbox(100, null)
      return items.map(({ event, title }) => `${event} ${title}`).reverse()
    },
    async crash(changes = {}) {
      stopListening()
      lives++
      options = { ...options, ...changes }
      const at = world.ports.clock.now()
      await state.reopen()
      Object.assign(world, await open(at))
    },
    async close() {
      const closing = world.alerting.close()
      await world.pass(5000)
      await closing
      state.close()
      await rm(state.directory, { recursive: true, force: true })
    },
  }
  return world
}

/** A rule file with one group every 15 s. */
export const ruleFile = (rules: string) => `groups:\n  - name: test\n    interval: 15s\n    rules:\n${rules}`

/** What a console that crashed still has under way reaches no disk. */
function mortal(state: StateStore, isAlive: () => boolean): StateStore {
  const never = new Promise<never>(() => {})
  return {
    ...state,
    commit: (unit) => (isAlive() ? state.commit(unit) : never),
    ask: (name, input) => (isAlive() ? state.ask(name, input) : never),
    askLong: (name, input) => (isAlive() ? state.askLong(name, input) : never),
  }
}
