/** What is scraped, in the shape of Prometheus's HTTP API. Source: prometheus/web/api/v1/api.go. */
import { z } from 'zod'
import type { PoolView, TargetView } from '#shared/contract/scrape.ts'
import { formatDurationMs } from '#shared/promql/duration.ts'
import { prometheusSuccess } from './prometheus-envelope.ts'
import { parseQuery, type Route } from './route.ts'

const targetsQuery = z.strictObject({
  state: z.enum(['active', 'dropped', 'any']).default('any'),
  scrapePool: z.string().max(1000).default(''),
})

const metadataQuery = z.strictObject({
  match_target: z.string().max(10_000).default(''),
  metric: z.string().max(1000).default(''),
  limit: z.coerce.number().int().min(-1).max(1_000_000).default(-1),
})

export function scrapeRoutes(): Route[] {
  return [
    {
      method: 'GET',
      path: '/api/v1/targets',
      access: 'viewer',
      dialect: 'prometheus',
      summary: 'Targets in the shape of Prometheus',
      query: targetsQuery,
      handle: async (request) => {
        const { state, scrapePool } = parseQuery(targetsQuery, request.query)
        const { pools } = await request.call('scrape.targets', {})
        const asked = pools.filter(({ job }) => scrapePool === '' || job === scrapePool)
        const active = state === 'dropped' ? [] : asked.flatMap(({ targets }) => targets.map(activeTarget))
        const dropped = state === 'active' ? [] : asked.flatMap(droppedTargets)
        const counts = asked.map(({ job, droppedCount }) => [job, droppedCount] as const)
        return prometheusSuccess({
          activeTargets: active,
          droppedTargets: dropped,
          droppedTargetCounts: state === 'active' ? null : Object.fromEntries(counts),
        })
      },
    },
    {
      method: 'GET',
      path: '/api/v1/targets/metadata',
      access: 'viewer',
      dialect: 'prometheus',
      summary: 'What targets say of their metrics, in the shape of Prometheus',
      query: metadataQuery,
      handle: async (request) => {
        const { match_target: selector, metric, limit } = parseQuery(metadataQuery, request.query)
        const found = await request.call('scrape.metadata', {
          selector: selector === '' ? null : selector,
          metric: metric === '' ? null : metric,
          limit: limit < 0 ? null : limit,
        })
        // Asked for one metric, Prometheus does not repeat its name.
        return prometheusSuccess(metric === '' ? found : found.map(({ metric: _, ...rest }) => rest))
      },
    },
  ]
}

/** Before the first scrape, as Prometheus has it. */
const never = '0001-01-01T00:00:00Z'

function activeTarget(target: TargetView) {
  return {
    discoveredLabels: target.discovered,
    labels: target.labels,
    scrapePool: target.job,
    scrapeUrl: target.url,
    globalUrl: target.url,
    lastError: target.error ?? '',
    lastScrape: target.lastAt === null ? never : new Date(target.lastAt).toISOString(),
    lastScrapeDuration: (target.lastDurationMs ?? 0) / 1000,
    health: target.state === 'unobserved' ? 'unknown' : target.state,
    scrapeInterval: formatDurationMs(target.everyMs),
    scrapeTimeout: formatDurationMs(target.timeoutMs),
  }
}

const droppedTargets = ({ job, dropped }: PoolView) =>
  dropped.map(({ discovered }) => ({ discoveredLabels: discovered, scrapePool: job }))
