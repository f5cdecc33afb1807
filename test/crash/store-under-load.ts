/**
 * A process that writes into the store as fast as it is acknowledged, and says each acknowledgement on a line of its
 * own, until somebody kills it: `opening`; `samples [...]` with the instants it found; `open`; then `unit <name>` for
 * every unit and `sample <at>` for every instant that was told to be durable.
 */
import { systemClock, systemTimers } from '#main/adapters/clock.ts'
import { createEvents } from '#main/events.ts'
import type { MetricStore, SeriesHandle } from '#main/metrics/metric-store.ts'
import { openMetricStore } from '#main/metrics/open-metric-store.ts'
import { createNotices } from '#main/notices.ts'
import { openStore, type Store } from '#main/store/open-store.ts'
import type { Write } from '#main/store/state-store.ts'
import { memoryLogger } from '#test/support/ports.ts'

const [directory = '', cycle = '', fault = ''] = process.argv.slice(2)
/** The planted fault: a unit is acknowledged when it has been handed over, not when it is durable. */
const acknowledgesEarly = fault === 'acknowledges early'
const say = (line: string) => process.stdout.write(`${line}\n`)

/** Units under way at a time, so that groups of several are cut off in the middle. */
const concurrency = 6
const seriesCount = 20
/** Samples come fast, but their clock runs faster: hours are sealed and days compacted while the process lives. */
const sampleEveryMs = 120_000
const firstSampleAt = Date.UTC(2026, 0, 5, 20)
const tendEvery = 10

say('opening')
const logger = memoryLogger()
const store = await openStore({ directory, host: 'headless', logger, clock: systemClock })
let sampleClockAt = firstSampleAt
const metrics = await openMetrics()
const found = await instantsFound()
say(`samples ${JSON.stringify(found)}`)
sampleClockAt = (found.at(-1) ?? firstSampleAt) + sampleEveryMs
say('open')
const lanes = Array.from({ length: concurrency }, (_, lane) => commitForEver(store, lane))
await Promise.all([...lanes, appendForEver()])

/** Each unit writes one audit entry and one session of the same name: both or neither are there afterwards. */
async function commitForEver({ state }: Store, lane: number): Promise<never> {
  for (let count = 0; ; count++) {
    const name = `${cycle}-${lane}-${count}`
    const at = systemClock.now()
    const audit = (subject: string): Write => [
      'audit.append',
      { at, actor: 'load', action: 'unit', subject, detail: { text: 'x'.repeat((count % 7) * 200) } },
    ]
    if (count % 10 === 3) await refused([audit(`refused ${name}`), ...sameTokenTwice(name, at)])
    const session = { idHash: name, role: 'viewer', createdAt: at, expiresAt: at, lastSeenAt: at } as const
    const committed = state.commit([audit(name), ['session.save', session]])
    if (!acknowledgesEarly) await committed
    say(`unit ${name}`)
    await committed
  }
}

/** A unit that fails at its last write: nothing of it may ever be found. */
async function refused(unit: readonly Write[]): Promise<void> {
  const outcome = await store.state.commit(unit).then(
    () => 'committed',
    () => 'refused',
  )
  if (outcome !== 'refused') throw new Error('a unit with a double token was committed')
}

function sameTokenTwice(name: string, at: number): readonly Write[] {
  const token = {
    id: name,
    name,
    role: 'viewer',
    secretHash: name,
    createdAt: at,
    expiresAt: null,
    lastUsedAt: null,
  } as const
  return [
    ['token.insert', token],
    ['token.insert', { ...token, id: `${name} again` }],
  ]
}

function openMetrics(): Promise<MetricStore> {
  const events = createEvents()
  const clock = { ...systemClock, now: () => sampleClockAt }
  const notices = createNotices(clock, logger, events)
  return openMetricStore({ channels: store.channels, clock, timers: systemTimers, logger, notices, events })
}

/** One sample of every series per instant, each with the value that follows from the instant and the series. */
async function appendForEver(): Promise<never> {
  const series = Array.from({ length: seriesCount }, (_, index) => seriesOf(index))
  for (let count = 1; ; count++) {
    const at = sampleClockAt
    metrics.append(
      at,
      series.map((handle, index) => [handle, valueAt(at, index)]),
    )
    await metrics.flush()
    say(`sample ${at}`)
    sampleClockAt += sampleEveryMs
    if (count % tendEvery === 0) await tend(sampleClockAt)
  }
}

/** What is due by then, slice by slice: real timers would not come to it in so short a life. */
async function tend(now: number): Promise<void> {
  while ((await store.channels.storage.call('metrics.tend', { now })).more);
}

function seriesOf(index: number): SeriesHandle {
  const handle = metrics.series('crash_load', { index: String(index) })
  if (!handle) throw new Error('a series was refused')
  return handle
}

function valueAt(at: number, index: number): number {
  return (at / sampleEveryMs) * (index + 1) + index / 7
}

/** Every instant that has samples; throws when a series lacks one, has it twice or with another value. */
async function instantsFound(): Promise<number[]> {
  const matchers = [{ label: '__name__', op: '=', value: 'crash_load' }] as const
  const selected = await metrics.select(matchers, { from: 0, to: Number.MAX_SAFE_INTEGER })
  const instants = [...(selected[0]?.times ?? [])]
  if (selected.length !== 0 && selected.length !== seriesCount) throw new Error(`found ${selected.length} series`)
  for (const { labels, times, values } of selected) {
    const index = Number(labels['index'])
    if (times.length !== instants.length) throw new Error(`series ${index} has ${times.length} of ${instants.length}`)
    times.forEach((at, i) => {
      if (at !== instants[i] || (i > 0 && at <= (instants[i - 1] ?? 0)))
        throw new Error(`series ${index}: instant ${at}`)
      if (values[i] !== valueAt(at, index)) throw new Error(`series ${index} at ${at}: ${values[i]}`)
    })
  }
  return instants
}
