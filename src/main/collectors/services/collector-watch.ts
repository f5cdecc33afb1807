/**
 * Watches the collectors that are configured: runs each on its schedule, turns what it read into series, and keeps its
 * state. A collector that fails says so with `belfry_collector_up` 0 and ends its other series; one that could not look
 * ends all of them.
 */
import { createScheduler } from '#main/checks/scheduler.ts'
import type { MetricStore } from '#main/metrics/metric-store.ts'
import type { Clock, Logger, Timers } from '#main/ports.ts'
import type { UplinkGuard } from '#main/uplink/uplink-guard.ts'
import { wasWayLost } from '#main/uplink/way-lost.ts'
import type { CollectorStatus, MetricType } from '#shared/contract/collectors.ts'
import type { CollectedSample } from '../kind.ts'
import { createSampleRecorder, type SampleRecorder } from '../sample-recorder.ts'
import { afterRun, type CollectorMemory, newMemory, statusOf } from './collector-state.ts'
import type { Metric } from './kind.ts'
import type { ReadyCollector } from './ready-collector.ts'
import { type RunOutcome, runCollector } from './run-collector.ts'

export interface CollectorWatchOptions {
  readonly ports: { readonly clock: Clock; readonly timers: Timers; readonly logger: Logger }
  readonly metrics: MetricStore
  /** Null: this machine's own link is not watched. */
  readonly uplink: UplinkGuard | null
  readonly mayRunPrograms: () => boolean
  /** What a metric is, whenever one is read. */
  readonly describe: (name: string, about: { type: MetricType; help: string; unit: string }) => void
  /** A status is another than before: once per run. */
  readonly onChanged: (id: string) => void
}

export interface CollectorWatch {
  /** Makes the watched collectors exactly these. */
  watch(collectors: readonly ReadyCollector[]): void
  ids(): string[]
  collector(id: string): ReadyCollector | null
  status(id: string): CollectorStatus | null
  last(id: string): RunOutcome | null
  /** Runs now, or joins the run under way; also while it is paused. */
  run(id: string): Promise<void>
  /** Ends all runs and waits for them. */
  close(): Promise<void>
}

interface Entry {
  collector: ReadyCollector
  memory: CollectorMemory
  readonly read: SampleRecorder
  readonly own: SampleRecorder
  /** A run of one that is paused, and so not on the schedule. */
  asideRun: Promise<void> | null
}

/** Each holds a socket or a few, and what it reads. */
const mostAtOnce = 20
/** At the start, and when the network is back, runs are spread over this. */
const spreadMs = 5000
/** Latency is meaningful to 10 us, which halves its size. */
const secondsDecimals = 5

export function watchCollectors(options: CollectorWatchOptions): CollectorWatch {
  const { ports, metrics, uplink, onChanged } = options
  const { clock, timers, logger } = ports
  const entries = new Map<string, Entry>()
  const underway = new Map<AbortController, Promise<void>>()
  let isStarted = false
  let isClosed = false

  const scheduler = createScheduler({
    clock,
    timers,
    maxConcurrent: mostAtOnce,
    async run(id) {
      const entry = entries.get(id)
      if (entry !== undefined) await runOnce(entry)
      return null
    },
  })
  const stopBack = uplink?.onBack(() => {
    for (const entry of entries.values()) if (entry.memory.reason.code === 'uplink') schedule(entry, spreadMs)
  })

  async function runOnce(entry: Entry): Promise<void> {
    const abort = new AbortController()
    const run = perform(entry, abort)
    underway.set(abort, run)
    await run
    underway.delete(abort)
  }

  async function perform(entry: Entry, abort: AbortController): Promise<void> {
    const { collector } = entry
    const startedMs = clock.monotonicMs()
    const found = await runCollector(collector, { ...ports, mayRunPrograms: options.mayRunPrograms }, abort)
    const outcome = await judged(entry, found, startedMs)
    // Removed, changed or closed meanwhile: nobody asks for what this run read any more.
    if (isClosed || entries.get(collector.id) !== entry || entry.collector !== collector) return
    const before = entry.memory
    entry.memory = afterRun(before, outcome)
    record(entry, outcome)
    tellLog(before, entry)
    onChanged(collector.id)
  }

  /** A failure that is this machine's own trouble says nothing about the service. */
  async function judged({ collector, memory }: Entry, outcome: RunOutcome, startedMs: number): Promise<RunOutcome> {
    const { host } = collector
    const { failure } = outcome
    if (uplink === null || host === null || uplink.nearnessOf(host) === 'own') return outcome
    if (failure === null) {
      if (uplink.nearnessOf(host) === 'remote') uplink.noteAnswer()
      return outcome
    }
    if (!(await wasWayLost(uplink, host, startedMs, memory.state !== 'failing'))) return outcome
    const message = `This machine had no network of its own at that time. The run saw: ${failure.reason.message}`
    return { ...outcome, failure: { outcome: 'unknown', reason: { code: 'uplink', message } } }
  }

  function record(entry: Entry, { at, durationMs, failure, reading }: RunOutcome): void {
    const { collector, read, own } = entry
    if (failure?.outcome === 'unknown') {
      endSeries(entry)
      return
    }
    const { kind, labels } = collector
    const ownLabels = { ...labels, kind: kind.kind }
    const up = failure === null ? 1 : 0
    own.record(at, [
      { name: 'belfry_collector_up', labels: ownLabels, value: up },
      {
        name: 'belfry_collector_duration_seconds',
        labels: ownLabels,
        value: durationMs / 1000,
        decimals: secondsDecimals,
      },
      ...(kind.upMetric === undefined ? [] : [{ name: kind.upMetric, labels, value: up }]),
    ])
    if (failure !== null) {
      read.end(at)
      return
    }
    for (const { name, type, help, unit } of reading.metrics) options.describe(name, { type, help, unit })
    read.record(at, samplesOf(reading.metrics, labels))
  }

  function tellLog(before: CollectorMemory, { collector, memory }: Entry): void {
    if (before.state === memory.state) return
    const fields = { collector: collector.id, kind: collector.kind.kind, reason: memory.reason.code }
    if (memory.state === 'failing') logger.warn('a collector fails', { ...fields, detail: memory.reason.message })
    else if (before.state === 'failing') logger.info('a collector does not fail any more', fields)
  }

  function endSeries(entry: Entry): void {
    entry.read.end(clock.now())
    entry.own.end(clock.now())
  }

  function schedule({ collector }: Entry, firstWithinMs: number): void {
    const { id, draft, kind } = collector
    if (!draft.enabled) {
      scheduler.remove(id)
      return
    }
    scheduler.set(id, {
      everyMs: draft.everyMs,
      group: kind.kind,
      groupLimit: mostAtOnce,
      firstWithinMs: Math.min(firstWithinMs, draft.everyMs),
    })
  }

  function add(collector: ReadyCollector, firstWithinMs: number): void {
    const entry: Entry = {
      collector,
      memory: newMemory(collector.draft.enabled, clock.now()),
      read: createSampleRecorder(metrics),
      own: createSampleRecorder(metrics),
      asideRun: null,
    }
    entries.set(collector.id, entry)
    schedule(entry, firstWithinMs)
    onChanged(collector.id)
  }

  /** Other labels are other series, another target is another story: what was read before ends. */
  function change(entry: Entry, collector: ReadyCollector, firstWithinMs: number): void {
    const before = entry.collector
    entry.collector = collector
    const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)
    const isSameStory = same([before.labels, before.draft.config], [collector.labels, collector.draft.config])
    if (!isSameStory || before.draft.enabled !== collector.draft.enabled) {
      endSeries(entry)
      entry.memory = newMemory(collector.draft.enabled, clock.now())
    }
    schedule(entry, firstWithinMs)
    onChanged(collector.id)
  }

  return {
    watch(collectors) {
      const wanted = new Set(collectors.map(({ id }) => id))
      for (const [id, entry] of entries) {
        if (wanted.has(id)) continue
        entries.delete(id)
        scheduler.remove(id)
        endSeries(entry)
      }
      const firstWithinMs = isStarted ? 0 : spreadMs
      for (const collector of collectors) {
        const entry = entries.get(collector.id)
        if (entry === undefined) add(collector, firstWithinMs)
        else if (JSON.stringify(entry.collector.draft) !== JSON.stringify(collector.draft)) {
          change(entry, collector, firstWithinMs)
        } else entry.collector = collector
      }
      isStarted = true
    },
    ids: () => [...entries.keys()],
    collector: (id) => entries.get(id)?.collector ?? null,
    status(id) {
      const entry = entries.get(id)
      return entry === undefined ? null : statusOf(entry.collector, entry.memory, scheduler.nextRunAt(id))
    },
    last: (id) => entries.get(id)?.memory.last ?? null,
    async run(id) {
      const entry = entries.get(id)
      if (entry === undefined || isClosed) return
      if (entry.collector.draft.enabled) return scheduler.runNow(id)
      entry.asideRun ??= runOnce(entry).finally(() => {
        entry.asideRun = null
      })
      await entry.asideRun
    },
    async close() {
      isClosed = true
      stopBack?.()
      scheduler.close()
      for (const abort of underway.keys()) abort.abort(new Error('Belfry ends'))
      await Promise.all(underway.values())
    },
  }
}

/** The collector's own labels win: a service may not take the name of one. */
function samplesOf(metrics: readonly Metric[], own: ReadyCollector['labels']): CollectedSample[] {
  return metrics.flatMap(({ name, unit, samples }) =>
    samples.map(({ labels, value }) => ({
      name,
      labels: { ...labels, ...own },
      value,
      ...(unit === 'seconds' && name.includes('duration') ? { decimals: secondsDecimals } : {}),
    })),
  )
}
