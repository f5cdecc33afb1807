/**
 * Scrapes one target again and again, at its own place within the interval, and says of each scrape what became of it:
 * samples and `up 1`; a failure, `up 0` and the end of all its series; or, where this machine could not look, nothing at
 * all: what was not observed is neither up nor down.
 */

import type { MetricStore, SeriesHandle } from '#main/metrics/metric-store.ts'
import { acceptedDelayMs, acceptedLeadMs } from '#main/metrics/open-metric-store.ts'
import type { Clock, Logger, Timers } from '#main/ports.ts'
import { keepPace } from '#main/rules/pace.ts'
import type { UplinkGuard } from '#main/uplink/uplink-guard.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { ScrapeState } from '#shared/contract/scrape.ts'
import { hashOfText } from '#shared/domain/hash.ts'
import { askTarget, failureOf } from './ask-target.ts'
import type { ScrapeJob } from './prometheus-config.ts'
import { createSampleIntake, type IntakeCounts, type IntakeOptions, type Reception } from './sample-intake.ts'
import type { ScrapeClient } from './scrape-http.ts'
import type { Target } from './targets.ts'

export interface ScrapeStatus {
  readonly state: ScrapeState
  /** When the last scrape began; null before the first. */
  readonly lastAt: number | null
  readonly durationMs: number | null
  readonly bytes: number | null
  readonly counts: IntakeCounts | null
  /** Why the target is not up; null when it is. */
  readonly error: string | null
  /** What was not stored of a scrape that went well. */
  readonly warnings: readonly string[]
  readonly nextAt: number | null
}

export interface ScrapeLoop {
  readonly target: Target
  status(): ScrapeStatus
  /** Resolves when the scrape that began, or was under way, is over. */
  scrapeNow(): Promise<void>
  /** `removed`: its series end. `replaced`: the loop that follows takes them over. `closing`: nothing is said of them. */
  stop(how: 'removed' | 'replaced' | 'closing'): Promise<readonly SeriesHandle[]>
}

export interface ScrapeLoopOptions {
  readonly target: Target
  readonly job: ScrapeJob
  readonly intake: Pick<IntakeOptions, 'metricRelabel' | 'metadata'>
  /** Rejects where the job's certificates cannot be read. */
  readonly client: () => Promise<ScrapeClient>
  readonly metrics: Pick<MetricStore, 'series' | 'append' | 'markStale'>
  readonly clock: Clock
  readonly timers: Timers
  readonly logger: Logger
  readonly uplink: Pick<UplinkGuard, 'nearnessOf' | 'hasNeighbours' | 'noteAnswer' | 'confirmLostSince'> | null
  readonly userAgent: string
  readonly onChange: () => void
  /** What a loop before this one left. */
  readonly present?: readonly SeriesHandle[]
}

/** A scrape that begins this late at most is stored as on time: instants on a grid take less room. */
const onTimeMs = 20

type Outcome =
  | { readonly kind: 'up'; readonly reception: Reception; readonly bytes: number }
  | { readonly kind: 'down'; readonly message: string; readonly scraped: number; readonly kept: number }
  | { readonly kind: 'unobserved'; readonly message: string }

const reportNames = [
  'up',
  'scrape_duration_seconds',
  'scrape_samples_scraped',
  'scrape_samples_post_metric_relabeling',
  'scrape_series_added',
] as const

export function startScrapeLoop(options: ScrapeLoopOptions): ScrapeLoop {
  const { target, job, metrics, clock, timers, logger, uplink } = options
  const { everyMs, timeoutMs } = target
  const offsetMs = (hashOfText(target.key) >>> 0) % everyMs
  const intake = createSampleIntake(
    {
      ...options.intake,
      labels: target.labels,
      honorLabels: job.honorLabels,
      honorTimestamps: job.honorTimestamps,
      limits: job.limits,
      metrics,
    },
    options.present,
  )
  const closing = new AbortController()
  const host = new URL(target.url).hostname.replace(/^\[|\]$/g, '')
  let running: Promise<void> | null = null
  let stopTimer = () => {}
  let hasNoted = false
  let reports: (SeriesHandle | undefined)[] = []
  let status: ScrapeStatus = {
    state: 'unknown',
    lastAt: null,
    durationMs: null,
    bytes: null,
    counts: null,
    error: null,
    warnings: [],
    nextAt: null,
  }

  function schedule(): void {
    if (closing.signal.aborted) return
    const now = clock.now()
    const sinceMs = (((now - offsetMs) % everyMs) + everyMs) % everyMs
    const nextAt = now - sinceMs + everyMs
    status = { ...status, nextAt }
    stopTimer = timers.after(nextAt - now, () => {
      const late = clock.now() - nextAt
      void run(late >= 0 && late <= onTimeMs ? nextAt : clock.now())
    })
  }

  function run(at: number): Promise<void> {
    running ??= scrape(at)
      .catch((error: unknown) => logger.error('a scrape ended in an unexpected way', { target: target.url, error }))
      .finally(() => {
        running = null
        stopTimer()
        schedule()
        options.onChange()
      })
    return running
  }

  async function scrape(at: number): Promise<void> {
    const startedMs = clock.monotonicMs()
    const outcome = await look(startedMs)
    if (closing.signal.aborted) return
    const durationMs = clock.monotonicMs() - startedMs
    status = { ...status, lastAt: at, durationMs, bytes: null, counts: null, warnings: [] }
    switch (outcome.kind) {
      case 'up': {
        const now = clock.now()
        const isTimely = (time: number) => time >= now - acceptedDelayMs && time <= now + acceptedLeadMs
        const counts = await outcome.reception.commit(at, isTimely, keepPace(clock))
        report(at, [1, durationMs / 1000, counts.scraped, counts.kept, counts.added])
        status = { ...status, state: 'up', error: null, bytes: outcome.bytes, counts, warnings: warningsOf(counts) }
        return
      }
      case 'down':
        intake.end(at)
        report(at, [0, durationMs / 1000, outcome.scraped, outcome.kept, 0])
        status = { ...status, state: 'down', error: outcome.message }
        return
      case 'unobserved':
        endAll(at)
        status = { ...status, state: 'unobserved', error: outcome.message }
    }
  }

  async function look(startedMs: number): Promise<Outcome> {
    const ending = new AbortController()
    const stopDeadline = timers.after(timeoutMs, () =>
      ending.abort(
        new AppError('timeout', `expected the whole answer within ${timeoutMs / 1000} s, got it not by then`),
      ),
    )
    const stop = () => ending.abort(closing.signal.reason)
    closing.signal.addEventListener('abort', stop, { once: true })
    let reception: Reception | null = null
    try {
      const asked = {
        url: target.url,
        http: job.http,
        timeoutMs,
        bodyBytes: job.limits.bodyBytes,
        userAgent: options.userAgent,
      }
      const begin = (format: Parameters<typeof intake.receive>[0]) => {
        reception = intake.receive(format)
        return reception
      }
      const { bytes } = await askTarget(await options.client(), asked, begin, clock, ending.signal)
      noteAnswer()
      // It was begun, or nothing would have been read.
      return { kind: 'up', reception: reception as unknown as Reception, bytes }
    } catch (error) {
      const failure = failureOf(ending.signal.aborted ? ending.signal.reason : error)
      if (failure.cause === 'own') return { kind: 'unobserved', message: `Not looked at: ${failure.message}.` }
      if (failure.cause === 'connection' && reception === null && (await isOurs(startedMs))) {
        return { kind: 'unobserved', message: 'Not looked at: this machine had no network of its own at that time.' }
      }
      if (failure.cause === 'target') noteAnswer()
      const { scraped, kept } = (reception as Reception | null)?.counts() ?? { scraped: 0, kept: 0 }
      return { kind: 'down', message: failure.message, scraped, kept }
    } finally {
      stopDeadline()
      closing.signal.removeEventListener('abort', stop)
    }
  }

  /** Once is enough to know that what is beyond the link answers at all. */
  function noteAnswer(): void {
    if (hasNoted) return
    hasNoted = true
    if (uplink?.nearnessOf(host) === 'remote') uplink.noteAnswer()
  }

  async function isOurs(startedMs: number): Promise<boolean> {
    if (uplink === null || closing.signal.aborted) return false
    const nearness = uplink.nearnessOf(host)
    const isBehindTheLink = nearness === 'remote' || (nearness === 'neighbour' && !uplink.hasNeighbours())
    return isBehindTheLink && uplink.confirmLostSince(startedMs)
  }

  function report(at: number, values: readonly number[]): void {
    if (reports.length === 0) reports = reportNames.map((name) => metrics.series(name, target.labels))
    const samples = reports.flatMap((series, index) => (series ? [[series, values[index] ?? 0] as const] : []))
    metrics.append(at, samples)
  }

  function endAll(at: number): void {
    intake.end(at)
    const told = reports.flatMap((series) => series ?? [])
    if (told.length > 0) metrics.markStale(at, told)
    reports = []
  }

  schedule()
  return {
    target,
    status: () => status,
    scrapeNow: () => run(clock.now()),
    async stop(how) {
      closing.abort(new AppError('closed', 'the target is not scraped any more'))
      stopTimer()
      await running
      const present = intake.present()
      if (how === 'removed') endAll(clock.now())
      return present
    },
  }
}

function warningsOf({ duplicates, untimely, refused }: IntakeCounts): string[] {
  return [
    duplicates > 0
      ? `${duplicates} samples of series that were exposed before in the same scrape are left out: each may be there once.`
      : '',
    untimely > 0
      ? `${untimely} samples have timestamps from more than two hours ago or ten minutes ahead and are left out.`
      : '',
    refused > 0
      ? `${refused} series are beyond the budget of this target or of all, and are left out: drop some with metric_relabel_configs.`
      : '',
  ].filter((text) => text !== '')
}
