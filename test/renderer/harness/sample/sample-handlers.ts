/** Handlers of every call, over state that changes as a user changes it. */

import type { AlertView } from '#shared/contract/alerts.ts'
import type { CheckView } from '#shared/contract/checks.ts'
import type { Notice } from '#shared/contract/console.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { BelfryHandlers, EventName, PayloadOf } from '#shared/contract/index.ts'
import type { Settings, TokenView } from '#shared/contract/settings.ts'
import { isNew, type Mode } from './modes.ts'
import { sampleAbsence } from './sample-absence.ts'
import { sampleAlerts, sampleDeliveries, sampleDetail, sampleInbox, sampleRules } from './sample-alerts.ts'
import { sampleCareHandlers } from './sample-care.ts'
import {
  sampleChecks,
  sampleDraft,
  sampleHistory,
  sampleIntervals,
  sampleKinds,
  sampleResult,
  totalsOf,
  uptimeOf,
} from './sample-checks.ts'
import { sampleCollectorHandlers } from './sample-collectors.ts'
import { sampleConfigHandlers } from './sample-config.ts'
import { sampleDashboardHandlers } from './sample-dashboards.ts'
import { sampleCollectors, sampleFacts, sampleHealth, sampleProcesses } from './sample-host.ts'
import { sampleLatest, sampleMetric, sampleNames } from './sample-metrics.ts'
import { sampleQueryHandlers } from './sample-query.ts'
import { sampleBacktest, sampleGroups, samplePreview } from './sample-rules.ts'
import { sampleScrapeHandlers } from './sample-scrape.ts'
import { sampleWallHandlers } from './sample-walls.ts'

interface SampleState {
  readonly mode: Mode
  readonly checkCount: number
  readonly settings: Settings
  readonly emit: <K extends EventName>(name: K, payload: PayloadOf<K>) => void
}

export function sampleHandlers({ mode, checkCount, settings, emit }: SampleState): BelfryHandlers {
  const startedAt = Date.now()
  let checks = sampleChecks(startedAt, checkCount)
  const removed = new Map<string, CheckView>()
  let alerts = isNew(mode) ? [] : sampleAlerts(checks, startedAt)
  let rules = sampleRules(startedAt)
  let inbox = sampleInbox(alerts, startedAt)
  let tokens: TokenView[] = isNew(mode) ? [] : [sampleToken(startedAt)]

  const checkOf = (id: string) =>
    found(
      checks.find((check) => check.id === id),
      'check',
      id,
    )
  const changeChecks = (ids: readonly string[], change: (check: CheckView) => CheckView) => {
    checks = checks.map((check) => (ids.includes(check.id) ? change(check) : check))
    const changed = checks.filter(({ id }) => ids.includes(id))
    for (const check of changed) emit('checks.changed', check)
    return changed
  }
  const changeAlerts = (ids: readonly string[], change: (alert: AlertView) => Partial<AlertView>) => {
    alerts = alerts.map((alert) => (ids.includes(alert.id) ? { ...alert, ...change(alert) } : alert))
    const changed = alerts.filter(({ id }) => ids.includes(id))
    for (const alert of changed) emit('alerts.changed', alert)
    return changed
  }

  return {
    'console.info': () => ({
      version: '0.1.0',
      host: 'headless',
      platform: 'linux',
      hostname: 'workstation',
      startedAt: startedAt - 3 * 3_600_000,
      now: Date.now(),
      dataDir: '/home/operator/.local/share/belfry',
      configFile: '/home/operator/.config/belfry/belfry.yaml',
      caller: { name: 'sample', role: 'admin' },
    }),
    'console.health': () => sampleHealth(Date.now(), mode === 'notices'),
    'console.notices': () => (mode === 'notices' ? sampleNotices(startedAt) : []),

    'absence.report': ({ since }) => sampleAbsence(checks, since, Date.now()),

    ...sampleWallHandlers({ mode, checks: () => checks, alerts: () => alerts, emit }),

    ...sampleCollectorHandlers(isNew(mode), emit),

    'host.facts': () => sampleFacts(startedAt),
    'host.processes': () => sampleProcesses(Date.now()),
    'host.collectors': () => sampleCollectors(Date.now()),

    'metrics.query': ({ queries }) =>
      queries.map((query) => (mode === 'empty' ? nothingOf(query.range.from) : sampleMetric(query, Date.now()))),
    'metrics.latest': ({ metric }) => (mode === 'empty' ? [] : sampleLatest(metric, Date.now())),
    'metrics.names': ({ prefix }) => sampleNames(prefix),
    ...sampleQueryHandlers(mode),
    ...sampleDashboardHandlers(emit),
    ...sampleScrapeHandlers({ mode, emit }),

    'checks.kinds': () => sampleKinds(),
    'checks.list': () => checks,
    'checks.get': ({ id }) => checkOf(id),
    'checks.definition': ({ id }) => sampleDraft(checkOf(id)),
    'checks.guess': ({ text }) => {
      const isUrl = /^https?:\/\//.test(text)
      const [host = '', port] = text.split(':')
      if (!isUrl && !/^[\w.-]+$/.test(host)) {
        throw new AppError(
          'invalid',
          `"${text}" is no URL and no host:port. Expected something like https://example.com or db.example.com:5432.`,
        )
      }
      const base = { ...sampleDraft(sampleChecks(0, 1)[0] ?? checkOf('')), labels: {}, slowMs: null }
      if (isUrl) return { ...base, name: new URL(text).hostname, kind: 'http', config: { url: text } }
      if (port) return { ...base, name: text, kind: 'tcp', config: { host, port: Number(port) } }
      return { ...base, name: text, kind: 'icmp', config: { host } }
    },
    'checks.save': ({ id, draft }) => {
      const kept = id === null ? undefined : (checks.find((check) => check.id === id) ?? removed.get(id))
      const base = kept ?? { ...(sampleChecks(Date.now(), 1)[0] as CheckView), id: `check-new-${checks.length}` }
      const config = draft.config
      const target = String(config['url'] ?? `${config['host']}${config['port'] ? `:${config['port']}` : ''}`)
      const check = {
        ...base,
        name: draft.name,
        kind: draft.kind,
        target,
        enabled: draft.enabled,
        everyMs: draft.everyMs,
        labels: draft.labels,
      }
      checks = checks.some((other) => other.id === check.id)
        ? checks.map((other) => (other.id === check.id ? check : other))
        : [...checks, check]
      emit('checks.changed', check)
      return check
    },
    'checks.remove': ({ id }) => {
      const check = checkOf(id)
      removed.set(id, check)
      checks = checks.filter((other) => other !== check)
      emit('checks.removed', { id })
      return { id, draft: sampleDraft(check) }
    },
    'checks.setEnabled': ({ ids, enabled }) =>
      changeChecks(ids, (check) => ({ ...check, enabled, nextRunAt: enabled ? Date.now() + 1000 : null })),
    'checks.run': ({ id }) => sampleResult(checkOf(id), Date.now(), 'manual'),
    'checks.try': ({ draft }) => {
      const check = {
        ...(sampleChecks(Date.now(), 1)[0] as CheckView),
        name: draft.name,
        kind: draft.kind,
        target: String(draft.config['url'] ?? draft.config['host'] ?? ''),
      }
      return sampleResult(check, Date.now(), 'trial')
    },
    'checks.histories': ({ ids, buckets }) =>
      checks.filter(({ id }) => ids.includes(id)).map((check) => sampleHistory(check, Date.now(), buckets)),
    'checks.timeline': ({ id, range }) => {
      const intervals = sampleIntervals(checkOf(id), range.from, Math.min(range.to, Date.now()))
      const totals = totalsOf(intervals)
      return { intervals, totals, uptime: uptimeOf(totals) }
    },
    'checks.results': ({ id, failuresOnly, limit }) => {
      const check = checkOf(id)
      const results = Array.from({ length: 24 }, (_, order) =>
        sampleResult(check, Date.now() - order * 60_000, order % 7 === 2 ? 'retry' : 'scheduled', order),
      )
      return { results: results.filter(({ outcome }) => !failuresOnly || outcome !== 'up').slice(0, limit), next: null }
    },

    'alerts.list': ({ states, severities, text, limit }) => ({
      alerts: alerts
        .filter(
          (alert) => states.includes(alert.state) && (severities.length === 0 || severities.includes(alert.severity)),
        )
        .filter((alert) =>
          JSON.stringify([alert.rule, alert.labels, alert.annotations]).toLowerCase().includes(text.toLowerCase()),
        )
        .slice(0, limit),
      next: null,
    }),
    'alerts.get': ({ id }) =>
      sampleDetail(
        found(
          alerts.find((alert) => alert.id === id),
          'alert',
          id,
        ),
        alerts,
        Date.now(),
      ),
    'alerts.acknowledge': ({ ids, note, until }) =>
      changeAlerts(ids, () => ({ acknowledgement: { by: 'sample', at: Date.now(), note, until } })),
    'alerts.unacknowledge': ({ ids }) => changeAlerts(ids, () => ({ acknowledgement: null })),
    'alerts.snooze': ({ ids, until }) => changeAlerts(ids, () => ({ snoozedUntil: until })),
    'alerts.unsnooze': ({ ids }) => changeAlerts(ids, () => ({ snoozedUntil: null })),
    'alerts.resolve': ({ ids }) =>
      changeAlerts(ids, () => ({ state: 'resolved', resolvedAt: Date.now(), resolution: 'manual' })),
    'rules.list': () => rules,
    'rules.groups': () => sampleGroups(rules),
    'rules.backtest': (question) => sampleBacktest(question),
    'rules.preview': ({ rule }) => ({ files: [samplePreview(rule)] }),
    'rules.save': ({ id, rule }) => {
      const base = rules[0] ?? sampleRules(Date.now())[0]
      const view = {
        ...found(base, 'rule', ''),
        id: id ?? `own;own;${rule.alert}`,
        origin: 'own' as const,
        file: 'belfry.yaml',
        group: 'own',
        firing: 0,
        rule,
      }
      rules = [...rules.filter((other) => other.id !== view.id), view]
      emit('rules.changed', {})
      return view
    },
    'rules.remove': ({ id }) => {
      const view = found(
        rules.find((rule) => rule.id === id),
        'rule',
        id,
      )
      rules = rules.filter((rule) => rule !== view)
      emit('rules.changed', {})
      return { rule: view.rule }
    },
    'rules.setEnabled': ({ id, enabled }) => {
      rules = rules.map((rule) => (rule.id === id ? { ...rule, enabled } : rule))
      emit('rules.changed', {})
      return found(
        rules.find((rule) => rule.id === id),
        'rule',
        id,
      )
    },
    'rules.test': ({ expr }) => {
      if (/[({]\s*$/.test(expr))
        throw new AppError('invalid', 'Expected a closing bracket at the end.', [
          { path: 'expr', message: 'unclosed bracket' },
        ])
      return {
        results: [
          { labels: { check: 'Checkout API' }, value: 0 },
          { labels: { check: 'Postgres replica' }, value: 0 },
        ],
        durationMs: 1.2,
      }
    },
    'inbox.list': ({ limit }) => ({
      items: inbox.slice(0, limit),
      unread: inbox.filter(({ readAt }) => readAt === null).length,
      next: null,
    }),
    'inbox.markRead': ({ ids }) => {
      inbox = inbox.map((item) => (ids.length === 0 || ids.includes(item.id) ? { ...item, readAt: Date.now() } : item))
      return { unread: inbox.filter(({ readAt }) => readAt === null).length }
    },
    'notify.channels': () => [
      {
        id: 'desktop',
        kind: 'desktop',
        title: 'Desktop notification',
        enabled: true,
        available: mode !== 'notices',
        mechanism: 'notify-send',
        problem: mode === 'notices' ? 'notify-send is not installed.' : null,
        lastDelivery: { at: startedAt - 840_000, ok: true, answer: 'shown by notify-send' },
      },
      {
        id: 'in-app',
        kind: 'in-app',
        title: 'Inbox',
        enabled: true,
        available: true,
        mechanism: 'this console',
        problem: null,
        lastDelivery: null,
      },
    ],
    'notify.test': ({ channel }) => ({
      id: 'delivery-test',
      key: 'test',
      alertId: null,
      channel,
      event: 'test',
      title: 'Test message from Belfry',
      state: 'delivered',
      createdAt: Date.now(),
      nextAttemptAt: null,
      attempts: [{ at: Date.now(), durationMs: 24, ok: true, answer: 'shown by notify-send' }],
    }),
    'notify.deliveries': ({ alertId, limit }) => ({
      deliveries: sampleDeliveries(alerts, startedAt)
        .filter((delivery) => alertId === null || delivery.alertId === alertId)
        .slice(0, limit),
      next: null,
    }),

    ...sampleConfigHandlers(startedAt),
    'checks.groups': () => [
      {
        name: 'web',
        defaults: { every: '30s', tags: ['public'] },
        tags: ['public'],
        labels: {},
        checks: checks.filter(({ group }) => group === 'web').map(({ id }) => id),
      },
    ],
    'checks.editMany': ({ ids = [], change }) => ({
      checks: changeChecks(ids, (check) => ({ ...check, enabled: change.enabled ?? check.enabled })),
      files: [],
    }),
    'settings.get': () => settings,
    'settings.save': ({ patch }) => {
      const { logLevel, ...sections } = patch
      if (logLevel) settings.logLevel = logLevel
      for (const [section, change] of Object.entries(sections))
        Object.assign(settings[section as keyof typeof sections] ?? {}, change)
      emit('settings.changed', settings)
      return settings
    },
    'settings.storage': () => ({
      kinds: [
        { kind: 'samples', title: 'Samples', bytes: 412 * 1024 ** 2 },
        { kind: 'summaries', title: 'Summaries', bytes: 61 * 1024 ** 2 },
        { kind: 'state', title: 'State and history', bytes: 23 * 1024 ** 2 },
        { kind: 'backups', title: 'Backups', bytes: 19 * 1024 ** 2 },
        { kind: 'log', title: 'Log', bytes: 4.2 * 1024 ** 2 },
      ],
      diskFreeBytes: 188 * 1024 ** 3,
      activeSeries: 512,
      samplesStored: 218_000_000,
      refusedSeries: 0,
      oldestSampleAt: startedAt - 15 * 86_400_000,
    }),
    'tokens.list': () => tokens,
    'tokens.create': ({ name, role, expiresAt }) => {
      const token = { id: `token-${tokens.length}`, name, role, createdAt: Date.now(), expiresAt, lastUsedAt: null }
      tokens = [...tokens, token]
      return { token, secret: 'belfry_3f9c1a7e2b6d4850917c' }
    },
    'tokens.revoke': ({ id }) => {
      tokens = tokens.filter((token) => token.id !== id)
      return { id }
    },
    ...sampleCareHandlers(mode, startedAt, emit),
    'console.dismissNotice': () => [],
    'probes.pingDoor': () => ({ url: 'http://127.0.0.1:4680' }),
    'probes.pings': () => null,
    'probes.picture': () => ({ jpegBase64: '' }),
    'probes.import': ({ text }) => {
      if (!text.startsWith('{')) throw new AppError('invalid', 'This is no recording: expected JSON.')
      const steps = [{ action: 'click', name: '', target: 'text=Recorded' }]
      return {
        config: { url: 'https://recorded.example/', steps },
        leftOut: ['step 3, hover: there is no such step here'],
      }
    },
  }
}

export function sampleSettings(): Settings {
  return {
    appearance: { theme: 'system', density: 'comfortable', timeZone: 'local' },
    notifications: {
      desktop: true,
      leastSeverity: 'warning',
      resolved: true,
      quietHours: '',
      quietExcept: 'critical',
      sound: false,
    },
    desktop: { autostart: false },
    storage: { rawDays: 15, fiveMinuteDays: 90, hourDays: 1825, maxActiveSeries: 100_000, maxBytes: 0 },
    backup: { enabled: true, at: '03:30', keepDaily: 7, keepWeekly: 4, directory: '' },
    collection: { fastMs: 5000, mediumMs: 30_000, slowMs: 300_000 },
    console: { enabled: true, port: 4680 },
    logLevel: 'info',
  }
}

function sampleNotices(now: number): Notice[] {
  return [
    {
      id: 'config',
      level: 'error',
      title: 'A check in belfry.yaml was left out',
      message: 'checks[3].every: expected a duration such as 30s or 1m30s, got "often".',
      at: now - 60_000,
      source: { file: '/home/operator/.config/belfry/belfry.yaml', line: 41 },
    },
    {
      id: 'ping',
      level: 'warning',
      title: 'Ping checks cannot be measured',
      message: 'This system has no ping command. Install iputils-ping.',
      at: now - 90_000,
      source: null,
    },
  ]
}

function sampleToken(now: number): TokenView {
  return {
    id: 'token-0',
    name: 'grafana',
    role: 'viewer',
    createdAt: now - 9 * 86_400_000,
    expiresAt: null,
    lastUsedAt: now - 40_000,
  }
}

const nothingOf = (from: number) => ({ stepMs: 5000, tier: 'raw' as const, times: [from], series: [] })

function found<T>(value: T | undefined, what: string, id: string): T {
  if (value === undefined)
    throw new AppError('not-found', `There is no ${what} with the id "${id}". It may have been removed.`)
  return value
}
