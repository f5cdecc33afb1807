/**
 * The only place where adapters meet services: builds the whole console, without a window or a socket, in the order in
 * which data takes its way, and takes it down in the reverse order. What fails on the way up closes what was opened.
 */
import { dirname } from 'node:path'
import { contract } from '#shared/contract/index.ts'
import { createAccess } from './access/access.ts'
import { createAudit } from './access/audit.ts'
import { createScrapeHttp } from './adapters/scrape-http.ts'
import { createAlerting } from './alerts/alerting.ts'
import type { AlertQuery } from './alerts/listing.ts'
import { absenceHandlers } from './api/absence.ts'
import { alertHandlers } from './api/alerts.ts'
import { auditHandlers } from './api/audit.ts'
import { audited } from './api/audited.ts'
import { backupHandlers } from './api/backup.ts'
import { careHandlers } from './api/care.ts'
import { checkHandlers } from './api/checks.ts'
import { collectorHandlers } from './api/collectors.ts'
import { configHandlers } from './api/config.ts'
import { consoleHandlers } from './api/console.ts'
import { dashboardHandlers } from './api/dashboards.ts'
import { hostHandlers } from './api/host.ts'
import { metricHandlers } from './api/metrics.ts'
import { probeHandlers } from './api/probes.ts'
import { queryHandlers } from './api/query.ts'
import { scrapeHandlers } from './api/scrape.ts'
import { settingsHandlers } from './api/settings.ts'
import { tokenHandlers } from './api/tokens.ts'
import { wallHandlers } from './api/walls.ts'
import { restoreAtStart, restoreDeed, restoreNotice } from './backup/restore-at-start.ts'
import { afterStorageLoss } from './care/after-storage-loss.ts'
import { createCare } from './care/care.ts'
import { createCheckService } from './checks/service.ts'
import { createCollection } from './collectors/collection.ts'
import { type CollectorService, createCollectorService } from './collectors/services/collector-service.ts'
import { announceConfig } from './config/announce-config.ts'
import { configuredKinds } from './config/configured-kinds.ts'
import { startConfigEditor } from './config/editor-thread.ts'
import { knownReferences } from './config/known-references.ts'
import { openConfigFile } from './config/open-config.ts'
import { placeSchema } from './config/place-schema.ts'
import { secretService } from './config/secret-service.ts'
import { watchConfig } from './config/watch-config.ts'
import type { Compose } from './console.ts'
import { boardQueries } from './dashboards/board-data.ts'
import { openDashboards } from './dashboards/dashboard-service.ts'
import { boardExporter } from './dashboards/export-board.ts'
import { printPage } from './dashboards/print-page.ts'
import { createEvents } from './events.ts'
import { measuredState } from './health/commit-times.ts'
import {
  collectionComponent,
  configurationComponent,
  diskSpaceComponent,
  eventLoopComponent,
  logComponent,
  notificationsComponent,
  samplesComponent,
  schedulerComponent,
  scrapingComponent,
  stateComponent,
} from './health/components.ts'
import { createHealth } from './health/health.ts'
import { watchHeap } from './health/heap-watch.ts'
import { watchOwnTime } from './health/own-time.ts'
import { storageUsageReader } from './health/storage-usage.ts'
import { createRemoteWrite } from './ingest/remote-write.ts'
import { createMetricMetadata } from './metrics/metadata.ts'
import { openMetricStore } from './metrics/open-metric-store.ts'
import { describeOwnMetrics } from './metrics/own-metadata.ts'
import { keepRetention } from './metrics/retention.ts'
import { recordStoreSeries } from './metrics/store-series.ts'
import { createNotices } from './notices.ts'
import { createQueryService } from './query/query-service.ts'
import { openPrometheusFile } from './scrape/prometheus-file.ts'
import { type ScrapeService, startScraping } from './scrape/scrape-service.ts'
import { openStore } from './store/open-store.ts'
import { startNotices } from './store/start-notices.ts'
import { withDeadlines } from './transport/deadlines.ts'
import { serve } from './transport/serve.ts'
import { watchUplink } from './uplink/uplink-guard.ts'
import { createWallDisplays } from './walls/wall-displays.ts'
import { createWallService } from './walls/wall-service.ts'

/** What walls tell of alerts: what is wrong, and what was lately. */
const wallAlerts: AlertQuery = {
  states: ['firing', 'recovering', 'resolved'],
  severities: [],
  labels: [],
  text: '',
  limit: 200,
  cursor: null,
}

const alertStates = ['pending', 'firing', 'recovering', 'resolved'] as const

export const compose: Compose = async (ports, options) => {
  const { clock, timers, ids, logger, desktop } = ports
  const { dataDir, configDir, resourcesDir, host, version, log } = options
  const startedAt = clock.now()
  await using opened = new AsyncDisposableStack()
  const events = createEvents()
  const notices = createNotices(clock, logger, events)

  // Before the configuration is read, for that may be restored too.
  const restored = await restoreAtStart({ dataDir, configDir, host, clock, logger })
  if (restored) notices.raise(restoreNotice(restored))

  const editor = startConfigEditor({ logger, timers })
  opened.defer(() => editor.close())
  const references = knownReferences(process.env, ports.secrets, logger)
  const config = await openConfigFile({
    directory: configDir,
    logger,
    clock,
    kinds: configuredKinds,
    editor,
    references,
  })
  opened.defer(announceConfig(config, events, notices))
  const settings = () => config.current().settings

  const opening = openStore({
    directory: dataDir,
    host,
    logger,
    clock,
    backupDirectory: settings().backup.directory || null,
    onFailure: afterStorageLoss({ clock, logger, notices, restart: options.restart }),
  })
  // While the storage threads start, this one has nothing else to do.
  for (const kind of configuredKinds.checks) kind.prepare?.()
  const store = await opening
  opened.defer(() => store.close())
  for (const notice of startNotices(store.startReport)) notices.raise(notice)
  const { state, times: commits } = measuredState(store.state, clock)

  const metrics = await openMetricStore({
    channels: store.channels,
    clock,
    timers,
    logger,
    notices,
    events,
    maxActiveSeries: settings().storage.maxActiveSeries,
    closedRanges: () => config.current().promql.ranges === 'closed',
  })
  opened.defer(() => metrics.close())
  const metadata = createMetricMetadata()
  describeOwnMetrics(metadata)
  const queries = createQueryService({
    ...{ expressions: metrics.expressions, metadata, clock, timers },
    settings: () => config.current().query,
  })

  const access = await createAccess({ state, ids, clock, logger, dataDir })

  const prometheus = await openPrometheusFile({ config, notices, timers, logger })
  opened.defer(() => prometheus.close())
  let scraping: ScrapeService | null = null
  const scraped = () => scraping?.labels() ?? []
  let collectors: CollectorService | null = null
  const collectorFailure = (id: string) => collectors?.failureOf(id) ?? null

  const alerting = createAlerting({
    ...{ ports, state, metrics, queries, config, events, notices, resourcesDir },
    ...{ scraped, collectorFailure, prometheus },
  })
  opened.defer(() => alerting.close())
  await alerting.start()

  const uplink = watchUplink({ clock, timers, logger, notices, metrics, settings: () => config.current().uplink })
  opened.defer(() => uplink.close())
  opened.defer(watchOwnTime({ clock, timers, notices }))

  const checks = createCheckService({
    ports,
    state,
    metrics,
    config,
    events,
    notices,
    uplink,
    dataDir,
    onStateChange: (checkId) => void alerting.evaluateFor(checkId),
  })
  opened.defer(() => checks.close())
  await checks.start()
  opened.defer(watchHeap({ timers, notices, relieve: checks.relieve }))

  scraping = await startScraping({
    ports,
    metrics,
    file: prometheus,
    http: createScrapeHttp(),
    uplink,
    events,
    version,
    metadata,
  })
  opened.defer(() => scraping?.close())

  const collection = createCollection({ ports, metrics, settings: settings().collection, notices })
  opened.defer(() => collection.close())
  opened.defer(config.onChange((changed) => collection.setTiers(changed.settings.collection)))
  collection.start()
  collectors = createCollectorService({
    ports,
    metrics,
    config,
    events,
    notices,
    uplink,
    describe: metadata.put,
  })
  const services = collectors
  opened.defer(() => services.close())
  services.start()
  // From here on a change has all its listeners.
  opened.defer(watchConfig(config, { timers, logger }))
  opened.defer(placeSchema(config, configuredKinds, logger))

  opened.defer(recordStoreSeries({ metrics, clock, timers, logger }))
  opened.defer(keepRetention({ ports, metrics, settings: () => settings().storage }))

  const health = createHealth({
    clock,
    timers,
    logger,
    events,
    components: [
      stateComponent(state),
      samplesComponent(metrics),
      collectionComponent(collection, clock),
      schedulerComponent(() => checks.lateness()),
      configurationComponent(config),
      scrapingComponent(scraping),
      notificationsComponent(desktop, config, clock),
      diskSpaceComponent(dataDir),
      eventLoopComponent(collection),
      logComponent(log),
    ],
  })
  opened.defer(health.watch())

  const storageUsage = storageUsageReader({ store, metrics, logDirectory: dirname(log.path) })
  const care = createCare({
    ports,
    events,
    notices,
    config,
    metrics,
    collection,
    commits,
    usage: storageUsage,
    dataDir,
    configDir,
    version,
    startedAt,
    canRestart: options.restart !== undefined,
  })
  opened.defer(() => care.close())
  const identity = {
    version,
    host,
    platform: process.platform,
    hostname: collection.facts().hostname,
    startedAt,
    dataDir,
    configFile: config.path,
  }
  const metricCalls = metricHandlers({ metrics, clock })
  const reading = { caller: { role: 'viewer', name: 'walls' }, signal: new AbortController().signal } as const
  const wallDisplays = createWallDisplays()
  const walls = createWallService({
    clock,
    timers,
    events,
    config,
    version,
    hostname: identity.hostname,
    checks: () => checks.list(),
    histories: (checkIds, buckets) => checks.histories(checkIds, buckets),
    alerts: async () => (await alerting.alerts.list(wallAlerts)).alerts,
    metrics: async (queries) => metricCalls['metrics.query']({ queries: [...queries] }, reading),
  })
  opened.defer(() => walls.close())
  const queryCalls = queryHandlers(queries)
  const exportBoard = boardExporter({
    clock,
    version,
    queries: boardQueries(queryCalls),
    checks: () => checks.list(),
    histories: (checkIds, buckets) => checks.histories(checkIds, buckets),
    alerts: async () => (await alerting.alerts.list({ ...wallAlerts, states: [...alertStates] })).alerts,
    print: printPage,
  })
  const dashboards = await openDashboards({ clock, timers, logger, events, configDir, dataDir, resourcesDir })
  opened.defer(() => dashboards.close())
  const audit = createAudit({ state, clock, logger })
  // The log that the restore began in was set aside with the rest.
  if (restored?.problem === null) await audit.note('belfry', [restoreDeed(restored)])
  const plain = {
    ...consoleHandlers(identity, { clock, health, notices }),
    ...absenceHandlers({ clock, checks, notices }),
    ...hostHandlers(collection),
    ...metricCalls,
    ...queryCalls,
    ...checkHandlers(checks, config),
    ...probeHandlers(checks),
    ...collectorHandlers(services),
    ...alertHandlers(alerting),
    ...settingsHandlers(config, storageUsage),
    ...configHandlers({
      config,
      checks,
      collectors: services,
      secrets: secretService(ports.secrets, config),
      kinds: configuredKinds,
    }),
    ...tokenHandlers(access),
    ...auditHandlers(audit),
    ...backupHandlers(care.backups, options.restart ?? null),
    ...careHandlers(care),
    ...dashboardHandlers({ boards: dashboards, exportBoard, events }),
    ...scrapeHandlers(scraping),
    ...wallHandlers({ walls, displays: wallDisplays, config, tokens: access.tokens }),
  }
  const handlers = audited(plain, audit)

  logger.info('Belfry is watching', { version, host, dataDir, configFile: config.path })
  const running = opened.move()
  let closing: Promise<void> | undefined
  return {
    serve: withDeadlines(contract, serve(contract, handlers, logger), timers),
    handlers,
    events,
    notices,
    access,
    pings: checks.pings,
    queries,
    remoteWrite: createRemoteWrite({ metrics, metadata, clock }),
    config,
    wallDisplays,
    announce(url) {
      store.announce(url)
      care.reachableAt(url)
    },
    close: () => {
      closing ??= running.disposeAsync()
      return closing
    },
  }
}
