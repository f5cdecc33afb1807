/** All jobs and their targets: one loop each, begun and ended as prometheus.yml and the files of targets say. */
import { readFile } from 'node:fs/promises'
import { unifiedDiff } from '#main/config/unified-diff.ts'
import type { Events } from '#main/events.ts'
import { systemErrorCode, systemErrorText } from '#main/files/system-error.ts'
import { writeDurably } from '#main/files/write-durably.ts'
import type { MetricDescription, MetricMetadataBook } from '#main/metrics/metadata.ts'
import type { MetricStore, SeriesHandle } from '#main/metrics/metric-store.ts'
import type { Ports } from '#main/ports.ts'
import { keepPace, type Pace } from '#main/rules/pace.ts'
import type { UplinkGuard } from '#main/uplink/uplink-guard.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { PoolView, ScrapeView, TargetView, TriedTarget } from '#shared/contract/scrape.ts'
import type { Labels } from '#shared/domain/series.ts'
import { withTarget } from './add-target.ts'
import { tlsMaterialOf } from './ask-target.ts'
import { describeInto, targetFilter } from './described-metrics.ts'
import type { ScrapeJob } from './prometheus-config.ts'
import type { PrometheusFile } from './prometheus-file.ts'
import { compileRelabel, type Relabel } from './relabel.ts'
import type { ScrapeClient, ScrapeHttp } from './scrape-http.ts'
import { type ScrapeLoop, startScrapeLoop } from './scrape-loop.ts'
import { type JobTargets, type Target, targetsOf } from './targets.ts'
import { tryTarget } from './try-target.ts'
import { parseTypedAddress } from './typed-address.ts'

export interface ScrapeServiceOptions {
  readonly ports: Pick<Ports, 'clock' | 'timers' | 'logger'>
  readonly metrics: MetricStore
  readonly file: PrometheusFile
  readonly http: ScrapeHttp
  readonly uplink: UplinkGuard | null
  readonly events: Events
  readonly version: string
  readonly metadata: MetricMetadataBook
}

export interface ScrapeService {
  view(): ScrapeView
  /** Labels of the samples of each target that is scraped. */
  labels(): readonly Labels[]
  /** AppError `not-found`. */
  scrapeNow(id: string): Promise<TargetView>
  /** AppError `invalid` for a wrong selector. */
  metadata(asked: {
    readonly selector: string | null
    readonly metric: string | null
    readonly limit: number | null
  }): DescribedMetric[]
  reload(): Promise<ScrapeView>
  tryAddress(address: string): Promise<TriedTarget>
  add(address: string, job: string): Promise<{ file: string; difference: string }>
  close(): Promise<void>
}

export interface DescribedMetric extends MetricDescription {
  readonly target: Labels
  readonly metric: string
}

interface Pool {
  job: ScrapeJob
  /** What a loop depends on: with another one all loops begin anew. */
  readonly signature: string
  readonly metricRelabel: Relabel
  readonly client: () => Promise<ScrapeClient>
  readonly closeClient: () => Promise<void>
  readonly loops: Map<string, ScrapeLoop>
  found: JobTargets
}

const eventsEveryMs = 1000

export async function startScraping(options: ScrapeServiceOptions): Promise<ScrapeService> {
  const { ports, metrics, file, http, events } = options
  const { clock, timers, logger } = ports
  const userAgent = `Belfry/${options.version}`
  let pools = new Map<string, Pool>()
  /** Metrics that targets spoke of, by the target's key. */
  const described = new Map<string, Set<string>>()
  let last: Promise<void> = Promise.resolve()
  let stopTelling: (() => void) | null = null
  let isClosed = false

  function changed(): void {
    stopTelling ??= timers.after(eventsEveryMs, () => {
      stopTelling = null
      events.emit('scrape.changed', { at: clock.now() })
    })
  }

  /** One after the other: a change waits until the loops of the one before have ended. */
  function follow(): Promise<void> {
    last = last
      .then(sync)
      .catch((error: unknown) => logger.error('a change of the targets could not be followed', { error }))
    return last
  }

  async function sync(): Promise<void> {
    if (isClosed) return
    const before = pools
    const next = new Map<string, Pool>()
    const pace = keepPace(clock)
    for (const job of file.config().jobs) next.set(job.name, await poolOf(job, before.get(job.name), pace))
    pools = next
    await Promise.all([...before].filter(([name]) => !next.has(name)).map(([, pool]) => endPool(pool, 'removed')))
    changed()
  }

  async function poolOf(job: ScrapeJob, former: Pool | undefined, pace: Pace): Promise<Pool> {
    const found = await targetsOf(job, file.groupsOf(job), pace)
    const signature = signatureOf(job)
    const isSame = former !== undefined && former.signature === signature
    const pool = isSame ? former : newPool(job, signature, found)
    pool.found = found
    pool.job = job
    const wanted = new Map(found.active.map((target) => [target.key, target]))
    const gone = [...(former?.loops ?? [])].filter(([key]) => !isSame || !wanted.has(key))
    const left = new Map<string, readonly SeriesHandle[]>()
    for (const [key, loop] of gone) {
      described.delete(key)
      left.set(key, await loop.stop(wanted.has(key) ? 'replaced' : 'removed'))
      former?.loops.delete(key)
    }
    for (const [key, target] of wanted) {
      if (!pool.loops.has(key)) pool.loops.set(key, begin(pool, target, left.get(key) ?? []))
      if (pace.isDue()) await pace.turn()
    }
    if (!isSame) await former?.closeClient()
    return pool
  }

  function newPool(job: ScrapeJob, signature: string, found: JobTargets): Pool {
    let opening: Promise<ScrapeClient> | null = null
    const open = async () => http.client(await tlsMaterialOf(job.http), job.http.followRedirects)
    return {
      job,
      signature,
      metricRelabel: compileRelabel(job.metricRelabel),
      found,
      loops: new Map(),
      client() {
        opening ??= open().catch((error: unknown) => {
          // The next scrape looks for the certificates again.
          opening = null
          throw error
        })
        return opening
      },
      async closeClient() {
        await (await opening?.catch(() => null))?.close()
      },
    }
  }

  function begin({ job, metricRelabel, client }: Pool, target: Target, present: readonly SeriesHandle[]): ScrapeLoop {
    const names = new Set<string>()
    described.set(target.key, names)
    return startScrapeLoop({
      target,
      job,
      intake: {
        metricRelabel,
        metadata: describeInto(options.metadata, names),
      },
      client,
      metrics,
      clock,
      timers,
      logger,
      uplink: options.uplink,
      userAgent,
      onChange: changed,
      present,
    })
  }

  async function endPool(pool: Pool, how: 'removed' | 'closing'): Promise<void> {
    await Promise.all([...pool.loops.values()].map((loop) => loop.stop(how)))
    for (const key of pool.loops.keys()) described.delete(key)
    await pool.closeClient()
  }

  const loops = () => [...pools.values()].flatMap((pool) => [...pool.loops.values()])

  const view = (): ScrapeView => ({
    file: file.path(),
    exists: file.exists(),
    pools: [...pools.values()].map(poolView),
    problems: [...file.problems()],
  })

  const stopFollowing = file.onChange(() => void follow())
  await follow()

  return {
    view,
    labels: () => loops().map(({ target }) => target.labels),
    async scrapeNow(id) {
      const loop = loops().find(({ target }) => target.id === id)
      if (loop === undefined)
        throw new AppError('not-found', 'There is no such target any more: prometheus.yml has changed.')
      await loop.scrapeNow()
      return targetView(loop)
    },
    metadata({ selector, metric, limit }) {
      const isMeant = targetFilter(selector)
      const found = loops()
        .filter(({ target }) => isMeant(target.labels))
        .flatMap(({ target }) =>
          [...(described.get(target.key) ?? [])]
            .filter((name) => metric === null || name === metric)
            .flatMap((name) => {
              const description = options.metadata.of(name)
              return description ? [{ target: target.labels, metric: name, ...description }] : []
            }),
        )
      return limit === null ? found : found.slice(0, limit)
    },
    async reload() {
      await file.reload()
      await last
      return view()
    },
    tryAddress: async (address) => tryTarget(parseTypedAddress(address), http, { clock, timers, userAgent }),
    async add(address, job) {
      const path = file.path()
      const before = await textOf(path)
      const after = withTarget(path, before, job, parseTypedAddress(address))
      try {
        await writeDurably(path, after)
      } catch (error) {
        throw new AppError('unprocessable', `${path} could not be written: ${systemErrorText(error)}`)
      }
      await file.reload()
      await last
      return { file: path, difference: unifiedDiff(path, before, after) }
    },
    async close() {
      isClosed = true
      stopFollowing()
      stopTelling?.()
      await last
      await Promise.all([...pools.values()].map((pool) => endPool(pool, 'closing')))
    },
  }
}

/** Null where there is no file. */
async function textOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return null
    throw new AppError('unprocessable', `${path} could not be read: ${systemErrorText(error)}`)
  }
}

function signatureOf({ groups: _, targetFiles: __, line: ___, ...rest }: ScrapeJob): string {
  return JSON.stringify(rest)
}

function poolView({ job, found, loops }: Pool): PoolView {
  return {
    job: job.name,
    line: job.line,
    everyMs: job.everyMs,
    targets: [...loops.values()].map(targetView),
    dropped: found.dropped.map(({ discovered }) => ({ discovered })),
    droppedCount: found.droppedCount,
    problems: [...found.problems],
  }
}

function targetView(loop: ScrapeLoop): TargetView {
  const { id, job, url, labels, discovered, everyMs, timeoutMs } = loop.target
  const { state, lastAt, durationMs, bytes, counts, error, warnings, nextAt } = loop.status()
  return {
    id,
    job,
    url,
    labels,
    discovered,
    state,
    lastAt,
    lastDurationMs: durationMs,
    lastBytes: bytes,
    samples: counts?.scraped ?? null,
    samplesKept: counts?.kept ?? null,
    error,
    warnings: [...warnings],
    everyMs,
    timeoutMs,
    nextAt,
  }
}
