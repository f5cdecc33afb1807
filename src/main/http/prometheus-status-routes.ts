/** What clients of Prometheus's HTTP API ask of the server itself. What Belfry has no equal of is left out, not made up. */
import type { QueryService } from '#main/query/query-service.ts'
import { formatDuration } from '#shared/config/duration.ts'
import { AppError } from '#shared/contract/errors.ts'
import { prometheusSuccess } from './prometheus-envelope.ts'
import { type Parameters, parametersOf } from './prometheus-parameters.ts'
import type { Route, RouteRequest } from './route.ts'

/** The version of Prometheus whose API is spoken; clients decide by it what they may ask. */
const spokenVersion = '2.42.0'
/** Of each list of statistics. */
const defaultCounts = 10
const mostCounts = 10_000
const lookback = '5m'

export function prometheusStatusRoutes({ queries }: { readonly queries: QueryService }): Route[] {
  const route = (
    name: string,
    summary: string,
    answer: (request: RouteRequest, parameters: Parameters) => Promise<object>,
  ): Route => ({
    method: 'GET',
    path: `/api/v1/status/${name}`,
    access: 'viewer',
    dialect: 'prometheus',
    summary,
    handle: async (request) => prometheusSuccess(await answer(request, parametersOf(request))),
  })

  return [
    route('buildinfo', 'Which version of the API is spoken', async ({ call }) => {
      const { version } = await call('console.info', {})
      return {
        version: spokenVersion,
        revision: `belfry-${version}`,
        ...{ branch: '', buildUser: '', buildDate: '', goVersion: '' },
      }
    }),
    route('runtimeinfo', 'Since when it runs and how long history is kept', async ({ call }) => {
      const [info, settings, problems] = await Promise.all([
        call('console.info', {}),
        call('settings.get', {}),
        call('config.problems', {}),
      ])
      return {
        startTime: new Date(info.startedAt).toISOString(),
        reloadConfigSuccess: !problems.isLastGoodKept,
        storageRetention: `${settings.storage.rawDays}d`,
      }
    }),
    route('flags', 'Limits and retention under the names of flags', async ({ call }) => {
      const { storage } = await call('settings.get', {})
      const { timeout, maxSamples, concurrency } = queries.limits()
      return {
        'query.lookback-delta': lookback,
        'query.max-concurrency': String(concurrency),
        'query.max-samples': String(maxSamples),
        'query.timeout': formatDuration(timeout),
        'storage.tsdb.retention.size': `${storage.maxBytes}B`,
        'storage.tsdb.retention.time': `${storage.rawDays}d`,
      }
    }),
    route('config', 'The intervals of collection, as prometheus.yml writes them', async ({ call }) => {
      const { collection } = await call('settings.get', {})
      return { yaml: `global:\n  scrape_interval: ${formatDuration(collection.fastMs)}\n` }
    }),
    route('tsdb', 'How many series there are, by name and by label', async ({ signal }, parameters) => {
      const limit = parameters.count('limit') ?? defaultCounts
      if (limit < 1 || limit > mostCounts) {
        throw new AppError('invalid', `invalid parameter "limit": expected 1 to ${mostCounts}, got ${limit}`)
      }
      const statistics = await queries.statistics(limit, signal)
      return {
        headStats: { numSeries: statistics.seriesCount, numLabelPairs: statistics.labelPairCount },
        seriesCountByMetricName: statistics.seriesByMetric,
        labelValueCountByLabelName: statistics.valuesByLabel,
        seriesCountByLabelValuePair: statistics.seriesByPair,
      }
    }),
  ]
}
