/** Alerts in every state, with history, deliveries and rules. */
import type { AlertDetail, AlertView, Delivery, InboxItem, RuleView } from '#shared/contract/alerts.ts'
import type { CheckView } from '#shared/contract/checks.ts'

const minute = 60_000
const hour = 60 * minute

export function sampleAlerts(checks: readonly CheckView[], now: number): AlertView[] {
  const base = { health: 'ok', resolution: null, acknowledgement: null, snoozedUntil: null, resolvedAt: null } as const
  const ofCheck = (index: number) => {
    const check = checks[index]
    return {
      checkId: check?.id ?? null,
      labels: { check: check?.name ?? 'gone', environment: check?.labels['environment'] ?? 'production' },
      target: check?.target ?? '',
      name: check?.name ?? 'A check',
    }
  }
  const down = ofCheck(1)
  const replica = ofCheck(11)
  const slow = ofCheck(3)
  const certificate = ofCheck(6)
  return [
    {
      ...base,
      id: 'alert-01',
      rule: 'CheckDown',
      severity: 'critical',
      labels: { alertname: 'CheckDown', severity: 'critical', ...down.labels },
      annotations: {
        summary: `${down.name} is down`,
        description: `${down.target}: connection refused for 14 min.`,
        runbook_url: 'https://wiki.example.com/runbooks/check-down',
      },
      state: 'firing',
      value: 0,
      activeAt: now - 16 * minute,
      firedAt: now - 14 * minute,
      checkId: down.checkId,
    },
    {
      ...base,
      id: 'alert-02',
      rule: 'CheckDown',
      severity: 'critical',
      labels: { alertname: 'CheckDown', severity: 'critical', ...replica.labels },
      annotations: { summary: `${replica.name} is down`, description: `${replica.target}: no answer within 10 s.` },
      state: 'firing',
      value: 0,
      activeAt: now - 3 * hour,
      firedAt: now - 3 * hour + 2 * minute,
      acknowledgement: { by: 'session', at: now - 2 * hour, note: 'Replica is being rebuilt.', until: now + 2 * hour },
      checkId: replica.checkId,
    },
    {
      ...base,
      id: 'alert-03',
      rule: 'DiskAlmostFull',
      severity: 'warning',
      labels: {
        alertname: 'DiskAlmostFull',
        severity: 'warning',
        mountpoint: '/var/lib/postgresql',
        device: '/dev/sda1',
      },
      annotations: { summary: '/var/lib/postgresql is 93 % full', description: '65 GiB of 930 GiB are left.' },
      state: 'firing',
      value: 0.93,
      activeAt: now - 26 * hour,
      firedAt: now - 26 * hour + 5 * minute,
      checkId: null,
    },
    {
      ...base,
      id: 'alert-04',
      rule: 'CheckSlow',
      severity: 'warning',
      labels: { alertname: 'CheckSlow', severity: 'warning', ...slow.labels },
      annotations: { summary: `${slow.name} is slow`, description: 'The 95th percentile of ten minutes is 1.9 s.' },
      state: 'pending',
      value: 1.9,
      activeAt: now - 3 * minute,
      firedAt: null,
      checkId: slow.checkId,
    },
    {
      ...base,
      id: 'alert-05',
      rule: 'CertificateExpires',
      severity: 'warning',
      labels: { alertname: 'CertificateExpires', severity: 'warning', ...certificate.labels },
      annotations: { summary: `The certificate of ${certificate.name} ends in 19 days` },
      state: 'recovering',
      value: 19,
      activeAt: now - 50 * hour,
      firedAt: now - 50 * hour,
      snoozedUntil: now + 10 * hour,
      checkId: certificate.checkId,
    },
    ...Array.from({ length: 14 }, (_, index): AlertView => {
      const check = ofCheck((index * 3) % 12)
      const activeAt = now - (4 + index * 7) * hour
      return {
        ...base,
        id: `alert-old-${index}`,
        rule: index % 4 === 0 ? 'HighLoad' : 'CheckDown',
        severity: index % 4 === 0 ? 'warning' : 'critical',
        labels: { alertname: index % 4 === 0 ? 'HighLoad' : 'CheckDown', ...check.labels },
        annotations: { summary: index % 4 === 0 ? 'Load is above the number of cores' : `${check.name} was down` },
        state: 'resolved',
        value: 0,
        activeAt,
        firedAt: activeAt + 2 * minute,
        resolvedAt: activeAt + (7 + index * 3) * minute,
        resolution: index % 5 === 0 ? 'manual' : 'cleared',
        checkId: check.checkId,
      }
    }),
  ]
}

export function sampleDeliveries(alerts: readonly AlertView[], now: number): Delivery[] {
  return alerts
    .filter(({ firedAt }) => firedAt !== null)
    .slice(0, 8)
    .map((alert, index) => {
      const createdAt = alert.firedAt ?? now
      const ok = index !== 2
      return {
        id: `delivery-${index}`,
        key: `key-${index}`,
        alertId: alert.id,
        channel: 'desktop',
        event: 'fired',
        title: alert.annotations['summary'] ?? alert.rule,
        state: ok ? 'delivered' : 'retrying',
        createdAt,
        nextAttemptAt: ok ? null : now + 20_000,
        attempts: [
          {
            at: createdAt + 40,
            durationMs: 31,
            ok,
            answer: ok ? 'shown by notify-send' : 'notify-send: no notification daemon',
          },
        ],
      }
    })
}

export function sampleInbox(alerts: readonly AlertView[], now: number): InboxItem[] {
  return alerts
    .filter(({ firedAt }) => firedAt !== null)
    .flatMap((alert, index): InboxItem[] => {
      const item = {
        alertId: alert.id,
        severity: alert.severity,
        title: alert.annotations['summary'] ?? alert.rule,
        body: alert.annotations['description'] ?? '',
        readAt: index > 2 ? now - 1000 : null,
      }
      const fired: InboxItem = { ...item, id: `inbox-${index}`, at: alert.firedAt ?? now, event: 'fired' }
      if (alert.resolvedAt === null) return [fired]
      return [
        { ...item, id: `inbox-${index}-r`, at: alert.resolvedAt, event: 'resolved', title: `Resolved: ${item.title}` },
        fired,
      ]
    })
    .sort((a, b) => b.at - a.at)
}

export function sampleDetail(alert: AlertView, alerts: readonly AlertView[], now: number): AlertDetail {
  const rule = sampleRules(now).find((candidate) => candidate.rule.alert === alert.rule)
  return {
    alert,
    events: [
      { at: alert.activeAt, type: 'pending', by: null, message: 'The condition became true.' },
      ...(alert.firedAt
        ? [{ at: alert.firedAt, type: 'fired' as const, by: null, message: 'It held for 2 min.' }]
        : []),
      ...(alert.acknowledgement
        ? [
            {
              at: alert.acknowledgement.at,
              type: 'acknowledged' as const,
              by: alert.acknowledgement.by,
              message: alert.acknowledgement.note,
            },
          ]
        : []),
      ...(alert.resolvedAt
        ? [{ at: alert.resolvedAt, type: 'resolved' as const, by: null, message: 'The condition is false.' }]
        : []),
    ],
    deliveries: sampleDeliveries(alerts, now).filter((delivery) => delivery.alertId === alert.id),
    explanation: [
      'It fired because probe_success == 0 was true for 2 min.',
      'The desktop was told once; it is told again when the alert is resolved.',
      'It resolves by itself as soon as two results in a row are good.',
    ],
    expr: rule?.rule.expr ?? 'probe_success == 0',
    forMs: rule?.rule.forMs ?? 120_000,
    similar: alerts.filter((other) => other.rule === alert.rule && other.state === 'resolved').slice(0, 4),
  }
}

export function sampleRules(now: number): RuleView[] {
  const rule = (
    alert: string,
    expr: string,
    forMs: number,
    severity: string,
    summary: string,
    more: Partial<RuleView> = {},
  ): RuleView => ({
    id: `presets;belfry;${alert}`,
    origin: 'preset',
    file: 'presets',
    group: 'belfry',
    everyMs: 15_000,
    enabled: true,
    rule: { alert, expr, forMs, keepFiringForMs: 0, labels: { severity }, annotations: { summary } },
    health: 'ok',
    problem: null,
    lastEvaluatedAt: now - 4000,
    lastDurationMs: 0.4,
    firing: 0,
    pending: 0,
    ...more,
  })
  return [
    rule('CheckDown', 'probe_success == 0', 120_000, 'critical', '{{ $labels.check }} is down', { firing: 2 }),
    rule('CheckSlow', 'probe_duration_seconds > 1', 300_000, 'warning', '{{ $labels.check }} is slow', { pending: 1 }),
    rule(
      'CertificateExpires',
      'probe_ssl_earliest_cert_expiry - time() < 21 * 86400',
      0,
      'warning',
      'A certificate ends soon',
    ),
    rule(
      'DiskAlmostFull',
      'node_filesystem_avail_bytes / node_filesystem_size_bytes < 0.1',
      300_000,
      'warning',
      '{{ $labels.mountpoint }} is almost full',
      { firing: 1 },
    ),
    rule('HighLoad', 'node_load5 > 16', 600_000, 'warning', 'Load is above the number of cores', { enabled: false }),
    rule('QueueLong', 'queue_length > 1000', 60_000, 'error', 'The queue is long', {
      id: 'own;own;QueueLong',
      origin: 'own',
      file: 'belfry.yaml',
      group: 'own',
      health: 'nodata',
      problem: 'No series is called queue_length.',
    }),
  ]
}
