/**
 * Watches the checks that are configured: takes results in, keeps the state of each, and tells what changed. Time that
 * nobody looked (paused, stopped, asleep, overdue) is ended here, so that it is never accounted as anything else.
 */
import type { MetricStore } from '#main/metrics/metric-store.ts'
import type { Ports } from '#main/ports.ts'
import type { CheckResult, CheckView, Reason } from '#shared/contract/checks.ts'
import {
  advance,
  confirming,
  expire,
  initialCheckState,
  lapse,
  openIntervals,
  resume,
  shownState,
} from '#shared/domain/check-state.ts'
import { createAnnouncer } from './announcer.ts'
import { type CheckSeries, createCheckRecorder, nothingTold } from './check-series.ts'
import { viewOf } from './check-view.ts'
import type { Journal } from './journal.ts'
import type { ReadyCheck } from './ready-check.ts'
import type { ResultGate } from './result-gate.ts'
import { type ProbeReport, type RunnerPorts, runProbe } from './runner.ts'
import { createScheduler, type ScheduledTrigger, type Scheduler } from './scheduler.ts'
import { nothingRemembered, type RememberedCheck } from './stored-state.ts'
import { unobservedReasons } from './unobserved-reasons.ts'
import { type Gap, watchOverGaps } from './watchfulness.ts'

export interface ObserverOptions {
  readonly ports: Ports & RunnerPorts
  readonly metrics: MetricStore
  readonly journal: Journal
  readonly gate: ResultGate
  /** A check's view is another than before. Called often: once per result. */
  onChanged(checkId: string): void
  /** A state was confirmed, is durable, and its series shows it. */
  onStateChange(checkId: string): void
  /** Nobody looked, or listened, until this instant. */
  onGap(toAt: number): void
  readonly maxConcurrent: number
}

export interface Observer {
  /** Before anything else: what is remembered of all checks, and the last sign of life. */
  recall(remembered: ReadonlyMap<string, RememberedCheck>, observedUntil: number): void
  /** Makes the watched checks exactly these. */
  watch(checks: readonly ReadyCheck[]): void
  check(id: string): ReadyCheck | null
  ids(): string[]
  view(id: string): CheckView | null
  remembered(id: string): RememberedCheck
  /** What was unknown for want of a network is looked at again within seconds. */
  lookAgain(reasonCode: string): void
  /** Runs a check now, or joins its run. Null when it is not watched any more. */
  run(id: string): Promise<CheckResult | null>
  /** Something was told of a check: looks at it now, as far as it is watched. */
  told(id: string): void
  readonly scheduler: Scheduler
  close(): Promise<void>
}

interface Entry {
  check: ReadyCheck
  series: CheckSeries
  memory: RememberedCheck
  /** Those who wait for the next result themselves; for nobody it is not kept, for its evidence is as large as all else. */
  askers: number
  askedResult: CheckResult | null
  /** A run outside of the schedule: of a check that is paused. */
  asideRun: Promise<void> | null
  savedAt: number
  passingKeptAt: number
  /** Results kept since the check was last quiet, and the newest of them. */
  keptInRow: number
  failureKeptAt: number
  stateToldAt: number
}

const sweepMs = 5000
/** A check that stays well is saved this often; what changes is saved at once. */
const steadySaveMs = 300_000
/** Of a check that stays well one result is kept this often. */
const passingEveryMs = 600_000
/** So many failures at the beginning of trouble keep their evidence for good; of later ones the newest do. */
const firstKept = 20
/** After so long without a failure the next one is the beginning of new trouble, 1 h. */
const quietMs = 3_600_000
/** Queries look back five minutes: a state that is still vouched for is told again well before. */
const retellStateMs = 120_000
/** After a start, checks that are due come within this instead of all at once. */
const startSpreadMs = 10_000
/** A few checks that were just added run at once. */
const fewChecks = 20

const longStallMs = 3000
/** Timeouts that a stall of our own may have caused. */
const deadlineCodes = new Set([
  'timeout',
  'connect-timeout',
  'tls-timeout',
  'body-timeout',
  'no-reply',
  'answer-mismatch',
])

export function createObserver(options: ObserverOptions): Observer {
  const { ports, metrics, journal, gate, onChanged, onStateChange } = options
  const { clock, timers, logger } = ports
  const entries = new Map<string, Entry>()
  /** Of checks that are not watched now: saving one under its old id brings it back. */
  const retired = new Map<string, RememberedCheck>()
  const underway = new Map<AbortController, Promise<unknown>>()
  let closed = false
  let started = false
  const scheduler = createScheduler({ clock, timers, run: runScheduled, maxConcurrent: options.maxConcurrent })
  const announcer = createAnnouncer(journal, metrics, logger, (id) => {
    onStateChange(id)
    onChanged(id)
  })
  const recorder = createCheckRecorder(metrics)
  const watchfulness = watchOverGaps(clock, timers, nobodyLooked)
  const stopSweep = timers.every(sweepMs, sweep)
  // A sleep begins and ends where the machine says so, not with the beats around it.
  const stopPower = ports.power?.onChange(() => watchfulness.look()) ?? (() => {})

  function remember(entry: Entry, memory: RememberedCheck) {
    entry.memory = memory
    entry.savedAt = clock.now()
    journal.remember(entry.check.id, memory)
  }

  async function runScheduled(id: string, trigger: ScheduledTrigger): Promise<number | null> {
    const entry = entries.get(id)
    if (entry === undefined) return null
    const againInMs = await probe(entry, trigger)
    const { policy } = entry.check
    const isPending = confirming(entry.memory.state, policy) !== null
    return isPending ? Math.min(policy.everyMs, policy.confirm.retryEveryMs) : againInMs
  }

  /** Resolves with how soon to look again, where the probe itself knows. */
  async function probe(entry: Entry, trigger: ScheduledTrigger): Promise<number | null> {
    const { check } = entry
    watchfulness.look()
    const startedMs = clock.monotonicMs()
    const run = new AbortController()
    const { id, kind, config, draft } = check
    const running = runProbe({ checkId: id, kind, config, timeoutMs: draft.timeoutMs }, trigger, ports, run)
    underway.set(run, running)
    const measured = doubted(await running, startedMs)
    const isDown = entry.memory.state.confirmed?.state === 'down'
    const passing = gate.pass(check, measured, { startedMs, isDown })
    const report = passing instanceof Promise ? await passing : passing
    underway.delete(run)
    // Aborted because Belfry ends: nobody measured anything.
    if (closed) return null
    try {
      take(entry, check, report)
    } catch (error) {
      logger.error('a result could not be taken in', { check: check.id, error })
    }
    return report.againInMs
  }

  /**
   * A timeout while our own loop stood still says nothing about the target; after a long standstill nothing that failed
   * does, for peers give up on connections that nobody serves.
   */
  function doubted(report: ProbeReport, startedMs: number): ProbeReport {
    if (report.result.outcome !== 'down') return report
    watchfulness.look()
    const stallMs = watchfulness.longestStallMs(startedMs)
    if (stallMs === 0 || (stallMs < longStallMs && !deadlineCodes.has(report.result.reason.code))) return report
    const message = `Belfry itself stood still for ${Math.round(stallMs)} ms while it measured: ${report.result.reason.message}`
    return {
      ...report,
      result: { ...report.result, outcome: 'unknown', reason: { code: 'stalled', message } },
      samples: [],
    }
  }

  function take(entry: Entry, check: ReadyCheck, { result, samples }: ProbeReport) {
    const { id } = check
    if (entry.askers > 0) entry.askedResult = result
    // Meanwhile paused, changed or removed: kept as evidence, but it speaks for no state.
    // Begun before a gap and ended after it: it cannot speak for the time between.
    if (entries.get(id) !== entry || entry.check !== check || !check.draft.enabled || spansGap(entry, result)) {
      journal.keep({ result, passing: false })
      return
    }
    const { at, outcome, reason, durationMs } = result
    const pending = confirming(entry.memory.state, check.policy) !== null
    const step = advance(entry.memory.state, { at, outcome, reason, durationMs }, check.policy)
    const expiry = samples.find((sample) => sample.name === 'probe_ssl_earliest_cert_expiry')?.value
    const memory: RememberedCheck = {
      state: step.state,
      certificateExpiresAt: expiry === undefined ? entry.memory.certificateExpiresAt : Math.round(expiry * 1000),
      target: check.target,
    }
    const now = clock.now()
    const steady = step.transition === null && step.closed.length === 0 && outcome === 'up' && !pending
    journal.settle(step.closed.map((interval) => ({ ...interval, checkId: id })))
    if (!steady || now - entry.savedAt >= steadySaveMs) remember(entry, memory)
    else entry.memory = memory
    keep(entry, result, step.transition !== null, now)
    recorder.record(entry.series, at, samples)
    tellState(entry, now)
    onChanged(id)
    if (step.transition === null) return
    logger.info('a check changed its state', { check: id, from: step.transition.from, to: step.transition.to, reason })
    announcer.announce(id)
  }

  function spansGap({ memory: { state } }: Entry, { at }: CheckResult): boolean {
    const { asleep, clockSet } = unobservedReasons
    return (state.lapse?.code === asleep.code || state.lapse?.code === clockSet.code) && at <= state.vouchedUntil
  }

  function keep(entry: Entry, result: CheckResult, isTransition: boolean, now: number) {
    if (result.trigger === 'manual') journal.keep({ result, passing: false })
    else if (result.outcome !== 'up' || isTransition) {
      // Transitions too: a check that flaps each second has as many of them as of failures.
      entry.keptInRow = now - entry.failureKeptAt >= quietMs ? 1 : entry.keptInRow + 1
      entry.failureKeptAt = now
      journal.keep({ result, passing: false, repeated: entry.keptInRow > firstKept })
    } else if (now - entry.passingKeptAt >= passingEveryMs) {
      entry.passingKeptAt = now
      journal.keep({ result, passing: true })
    }
  }

  function tellState(entry: Entry, now: number) {
    recorder.state(entry.series, now, shownState(entry.memory.state, now).state)
    entry.stateToldAt = now
  }

  function endObservation(entry: Entry, at: number, reason: Reason) {
    const state = lapse(entry.memory.state, at, reason)
    if (state !== entry.memory.state) remember(entry, { ...entry.memory, state })
    recorder.end(entry.series, clock.now())
    onChanged(entry.check.id)
  }

  function nobodyLooked({ fromAt, toAt, cause }: Gap) {
    logger.warn('nobody looked for a while', { fromAt, toAt, cause })
    const reason = cause === 'asleep' ? unobservedReasons.asleep : unobservedReasons.clockSet
    options.onGap(toAt)
    for (const entry of entries.values()) if (entry.check.draft.enabled) endObservation(entry, fromAt, reason)
    void journal.commit()
  }

  function sweep() {
    const now = clock.now()
    for (const entry of entries.values()) {
      if (!entry.check.draft.enabled) continue
      const state = expire(entry.memory.state, now)
      if (state !== entry.memory.state) {
        remember(entry, { ...entry.memory, state })
        recorder.end(entry.series, now)
        onChanged(entry.check.id)
      } else if (now - entry.stateToldAt >= retellStateMs && entry.memory.state.last !== null) tellState(entry, now)
    }
  }

  function add(check: ReadyCheck, firstWithinMs: number) {
    const entry: Entry = {
      check,
      series: nothingTold(check.labels),
      memory: retired.get(check.id) ?? nothingRemembered,
      askers: 0,
      askedResult: null,
      asideRun: null,
      savedAt: 0,
      passingKeptAt: 0,
      keptInRow: 0,
      failureKeptAt: 0,
      stateToldAt: 0,
    }
    retired.delete(check.id)
    entries.set(check.id, entry)
    forgetOtherTarget(entry)
    schedule(entry, firstWithinMs)
    onChanged(check.id)
  }

  /** Another target is another story: the old one is settled, and the state begins anew. */
  function forgetOtherTarget(entry: Entry) {
    const { check, memory } = entry
    if (memory.target === check.target || memory.state.accountedFrom === null) return
    const open = openIntervals(memory.state, clock.now())
    journal.settle(open.map((interval) => ({ ...interval, checkId: check.id })))
    remember(entry, { state: initialCheckState, certificateExpiresAt: null, target: check.target })
  }

  function change(entry: Entry, check: ReadyCheck, firstWithinMs: number) {
    const before = entry.check
    entry.check = check
    if (JSON.stringify(before.labels) !== JSON.stringify(check.labels)) {
      recorder.end(entry.series, clock.now())
      entry.series = nothingTold(check.labels)
    }
    if (before.draft.enabled && !check.draft.enabled) endObservation(entry, clock.now(), unobservedReasons.paused)
    forgetOtherTarget(entry)
    schedule(entry, firstWithinMs)
    onChanged(check.id)
  }

  function schedule({ check }: Entry, firstWithinMs: number) {
    if (!check.draft.enabled) return scheduler.remove(check.id)
    scheduler.set(check.id, {
      everyMs: check.policy.everyMs,
      group: check.kind.kind,
      groupLimit: check.kind.concurrency ?? options.maxConcurrent,
      firstWithinMs: Math.min(firstWithinMs, check.policy.everyMs),
    })
  }

  return {
    scheduler,
    recall(remembered, observedUntil) {
      for (const [id, memory] of remembered) {
        const state = resume(memory.state, observedUntil, unobservedReasons.stopped)
        retired.set(id, { ...memory, state })
        if (state !== memory.state) journal.remember(id, { ...memory, state })
      }
    },
    watch(checks) {
      const wanted = new Map(checks.map((check) => [check.id, check]))
      for (const [id, entry] of entries) {
        if (wanted.has(id)) continue
        endObservation(entry, clock.now(), unobservedReasons.removed)
        entries.delete(id)
        retired.set(id, entry.memory)
        scheduler.remove(id)
      }
      const added = checks.filter((check) => !entries.has(check.id))
      const changed = checks.flatMap((check) => {
        const entry = entries.get(check.id)
        if (entry?.check === check) return []
        return entry && JSON.stringify(entry.check.draft) !== JSON.stringify(check.draft) ? [{ entry, check }] : []
      })
      const firstWithinMs = started && added.length + changed.length <= fewChecks ? 0 : startSpreadMs
      for (const check of added) add(check, firstWithinMs)
      for (const { entry, check } of changed) change(entry, check, firstWithinMs)
      started = true
    },
    check: (id) => entries.get(id)?.check ?? null,
    ids: () => [...entries.keys()],
    view(id) {
      const entry = entries.get(id)
      if (entry === undefined) return null
      return viewOf(entry.check, entry.memory, clock.now(), scheduler.nextRunAt(id))
    },
    lookAgain(reasonCode) {
      for (const entry of entries.values()) {
        if (entry.memory.state.last?.reason.code === reasonCode) schedule(entry, startSpreadMs)
      }
    },
    remembered: (id) => entries.get(id)?.memory ?? retired.get(id) ?? nothingRemembered,
    async run(id) {
      const entry = entries.get(id)
      if (entry === undefined) return null
      entry.askers++
      if (entry.check.draft.enabled) await scheduler.runNow(id)
      else {
        entry.asideRun ??= probe(entry, 'manual').then(() => {
          entry.asideRun = null
        })
        await entry.asideRun
      }
      const result = entry.askedResult
      entry.askers--
      if (entry.askers === 0) entry.askedResult = null
      return result
    },
    told(id) {
      if (entries.get(id)?.check.draft.enabled) void scheduler.runNow(id, 'scheduled')
    },
    async close() {
      stopSweep()
      stopPower()
      watchfulness.close()
      scheduler.close()
      closed = true
      for (const run of underway.keys()) run.abort(new Error('Belfry ends'))
      await Promise.all(underway.values())
      await announcer.settled()
    },
  }
}
