/** Scraping over real sockets and a store in memory, in a time that a test moves. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { createScrapeHttp } from '#main/adapters/scrape-http.ts'
import { createEvents } from '#main/events.ts'
import { createMetricMetadata } from '#main/metrics/metadata.ts'
import { createNotices } from '#main/notices.ts'
import { openPrometheusFile } from '#main/scrape/prometheus-file.ts'
import { type ScrapeServiceOptions, startScraping } from '#main/scrape/scrape-service.ts'
import type { TargetView } from '#shared/contract/scrape.ts'
import { isStaleAt } from '#shared/domain/series.ts'
import { memoryConfig } from '#test/support/memory-config.ts'
import { memoryMetrics } from '#test/support/memory-metrics.ts'
import { fakePorts } from '#test/support/ports.ts'

export interface Job {
  readonly job_name: string
  readonly [field: string]: unknown
}

export interface WorldOptions extends Partial<Pick<ScrapeServiceOptions, 'uplink' | 'metrics'>> {
  /** Of prometheus.yml, beside the jobs. */
  readonly further?: Record<string, unknown>
}

/** A job of one target, which is scraped when a test says so. */
export const jobOf = (address: string, fields: Record<string, unknown> = {}): Job => ({
  job_name: 'test',
  scrape_interval: '1d',
  static_configs: [{ targets: [address] }],
  ...fields,
})

export async function scrapeWorld(jobs: readonly Job[], options: WorldOptions = {}) {
  const directory = await mkdtemp(join(tmpdir(), 'belfry-scrape-'))
  const ports = fakePorts()
  const events = createEvents()
  const notices = createNotices(ports.clock, ports.logger, events)
  const memory = memoryMetrics()
  const metrics = options.metrics ?? memory
  const metadata = createMetricMetadata()
  const path = join(directory, 'prometheus.yml')
  const write = (next: readonly Job[]) => writeFile(path, stringify({ ...options.further, scrape_configs: next }))
  await write(jobs)
  const config = { ...memoryConfig(), directory }
  const { timers, logger } = ports
  const file = await openPrometheusFile({ config, notices, timers, logger })
  const scraping = await startScraping({
    ports,
    metrics,
    file,
    http: createScrapeHttp(),
    uplink: options.uplink ?? null,
    events,
    version: '0.0.0',
    metadata,
  })

  const targets = () => scraping.view().pools.flatMap((pool) => pool.targets)

  /** Every sample of a metric, by labels: values, and `stale` where a series ended. */
  async function samples(name: string): Promise<Record<string, (number | 'stale')[]>> {
    const everything = { from: 0, to: ports.clock.now() + 86_400_000 }
    const found = await metrics.select([{ label: '__name__', op: '=', value: name }], everything)
    return Object.fromEntries(
      found.map(({ labels, values }) => [
        Object.entries(labels)
          .filter(([label]) => label !== 'job' && label !== 'instance')
          .sort()
          .map(([label, value]) => `${label}=${value}`)
          .join(),
        [...values].map((value, index) => (isStaleAt(values, index) ? 'stale' : value)),
      ]),
    )
  }

  return {
    directory,
    ports,
    metrics,
    metadata,
    scraping,
    events,
    notices,
    targets,
    samples,
    path,
    /** Scrapes the only target, or the one that the text is a part of, a second later than before. */
    async scrape(part = ''): Promise<TargetView> {
      await ports.time.advance(1000)
      const target = targets().find(({ url }) => url.includes(part))
      if (!target) throw new Error(`no target has ${part} in its URL`)
      return scraping.scrapeNow(target.id)
    },
    async rewrite(next: readonly Job[]) {
      await write(next)
      await scraping.reload()
    },
    async close() {
      await scraping.close()
      file.close()
      await rm(directory, { recursive: true })
    },
  }
}

export type ScrapeWorld = Awaited<ReturnType<typeof scrapeWorld>>
