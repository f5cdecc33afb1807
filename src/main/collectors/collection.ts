/**
 * The collection of this machine: every collector on its tier, the newest process snapshot, and what the machine is.
 * Starts with two looks a second apart, so that rates are there within seconds.
 */
import type { MetricStore } from '#main/metrics/metric-store.ts'
import type { Notices } from '#main/notices.ts'
import type { Clock, Logger, Timers } from '#main/ports.ts'
import type { CollectorView, HostFacts, ProcessSnapshot } from '#shared/contract/host.ts'
import type { Settings } from '#shared/contract/settings.ts'
import { type CollectorRunner, createRunner } from './collector-runner.ts'
import { fullFacts, quickFacts } from './facts.ts'
import type { Collector, CollectorTier } from './kind.ts'
import { collectorKinds } from './kinds/index.ts'
import { systemRoots } from './linux/roots.ts'
import { type LoopDelay, watchOwnProcess } from './own-process.ts'
import { linuxProcesses } from './processes/linux-processes.ts'
import { portableProcesses } from './processes/portable-processes.ts'
import { type ProcessWatch, watchProcesses } from './processes/process-watch.ts'
import { scheduleTiers, type TierIntervals, type TierSchedule } from './tier-schedule.ts'

export interface Collection {
  /** Takes the first samples at once. */
  start(): void
  /** Ends what is running; afterwards nothing is appended any more. */
  close(): void
  /** In the order of collectors/kinds/index.ts, then processes and Belfry itself. */
  collectors(): CollectorView[]
  facts(): HostFacts
  processes(): ProcessSnapshot
  setTiers(settings: Settings['collection']): void
  /** Of the last stretch of the fast tier; null before it. */
  loopDelay(): LoopDelay | null
}

export interface CollectionOptions {
  readonly ports: { readonly clock: Clock; readonly timers: Timers; readonly logger: Logger }
  readonly metrics: MetricStore
  readonly settings: Settings['collection']
  readonly notices: Notices
  /** Instead of those of this machine, in tests. */
  readonly collectors?: readonly Collector[]
}

/** The second look comes this long after the first. */
const secondLookMs = 1000
/** Runs in a row without any sample after which the operator is told. */
const blindAfterRuns = 3

export function createCollection({ ports, metrics, settings, notices, collectors }: CollectionOptions): Collection {
  const { clock, timers } = ports
  const logger = ports.logger.child({ component: 'collection' })
  const own = watchOwnProcess()
  const processes = processWatch(clock)
  const all = collectors ?? [...collectorKinds.flatMap((kind) => kind.create({ clock, logger }) ?? []), processes, own]
  const runners = all.map((collector) => createRunner(collector, { clock, timers, logger, metrics }))
  let intervals = intervalsOf(settings)
  let schedule: TierSchedule | null = null
  let stopSecondLook = () => {}
  let facts = quickFacts(clock)

  function run(tiers: readonly CollectorTier[], at: number): void {
    for (const runner of runners) {
      if (tiers.includes(runner.collector.tier)) void runner.run(at).then(() => tellBlindness(runner, notices))
    }
  }

  return {
    start() {
      run(['fast', 'medium', 'slow'], clock.now())
      stopSecondLook = timers.after(secondLookMs, () => run(['fast', 'medium'], clock.now()))
      schedule = scheduleTiers(clock, timers, intervals, (tier, at) => run([tier], at))
      void fullFacts(facts, timers, logger).then((full) => {
        facts = full
      })
    },
    close() {
      stopSecondLook()
      schedule?.stop()
      for (const runner of runners) runner.close()
      own.close()
    },
    collectors: () => runners.map((runner) => viewOf(runner, intervals)),
    facts: () => facts,
    processes: () => processes.snapshot(),
    setTiers(changed) {
      intervals = intervalsOf(changed)
      schedule?.setIntervals(intervals)
    },
    loopDelay: () => own.loopDelay(),
  }
}

function processWatch(clock: Clock): ProcessWatch {
  return process.platform === 'linux'
    ? watchProcesses(clock, linuxProcesses(systemRoots))
    : watchProcesses(clock, portableProcesses())
}

function intervalsOf(settings: Settings['collection']): TierIntervals {
  return { fast: settings.fastMs, medium: settings.mediumMs, slow: settings.slowMs }
}

function viewOf(runner: CollectorRunner, intervals: TierIntervals): CollectorView {
  const { kind, title, tier } = runner.collector
  const { lastAt, lastDurationMs, samples, problem } = runner.state()
  return { kind, title, tier, everyMs: intervals[tier], lastAt, lastDurationMs, samples, problem }
}

/** A part of the machine that stays dark is worth a word; one unreadable sensor is not. */
function tellBlindness(runner: CollectorRunner, notices: Notices): void {
  const id = `collector-${runner.collector.kind}`
  const { emptyRuns, problem } = runner.state()
  if (emptyRuns < blindAfterRuns || problem === null) notices.withdraw(id)
  else {
    notices.raise({
      id,
      level: 'warning',
      title: `${runner.collector.title} cannot be read`,
      message: `${problem}. Its charts stay empty until this is mended.`,
    })
  }
}
