/** Forty checks in every state there is, with histories, results and evidence. The same in every run but for the time. */

import { z } from 'zod'
import { BrowserConfig } from '#main/checks/browser-probe/config.ts'
import { HeartbeatConfig } from '#main/checks/heartbeat/config.ts'
import { HttpConfig } from '#main/checks/http-probe/config.ts'
import type {
  CheckDraft,
  CheckHistory,
  CheckKindView,
  CheckResult,
  CheckView,
  StateInterval,
  StateTotals,
  TimelineState,
} from '#shared/contract/checks.ts'
import { type Evidence, keptSecret } from '#shared/contract/evidence.ts'
import { hashOf, seeded } from './random.ts'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

const names = [
  'Shop front',
  'Checkout API',
  'Login',
  'Search',
  'Images',
  'Payments gateway',
  'Mail relay',
  'Docs',
  'Status page',
  'VPN',
  'Postgres primary',
  'Postgres replica',
  'Redis cache',
  'Queue',
  'Metrics',
  'Grafana',
  'Git',
  'CI runner',
  'Registry',
  'Wiki',
]
const environments = ['production', 'staging']

const kinds = ['http', 'tcp', 'icmp'] as const

export function sampleChecks(now: number, count: number): CheckView[] {
  return Array.from({ length: count }, (_, index) => sampleCheck(index, now))
}

function sampleCheck(index: number, now: number): CheckView {
  const random = seeded(index + 7)
  const name = names[index % names.length] ?? 'Check'
  const environment = environments[Math.floor(index / names.length) % 2] ?? 'production'
  const kind = kinds[index % 5 === 3 ? 1 : index % 5 === 4 ? 2 : 0] ?? 'http'
  const slug = name.toLowerCase().replace(/\s+/g, '-')
  const host = `${slug}.${environment === 'production' ? '' : 'staging.'}example.com`
  const state = stateOf(index)
  const isPaused = index === 17
  const lastAt = now - Math.floor(random() * 55_000)
  const reason = reasonOf(state)
  const durationMs = state === 'down' ? 10_000 : 18 + random() ** 3 * 900
  return {
    id: `check-${String(index).padStart(4, '0')}`,
    name: index < names.length ? name : `${name} (${environment}${index >= 40 ? ` ${index}` : ''})`,
    kind,
    target: kind === 'http' ? `https://${host}/health` : kind === 'tcp' ? `${host}:5432` : host,
    enabled: !isPaused,
    everyMs: minute,
    labels: { environment, team: ['shop', 'platform', 'data'][index % 3] ?? 'shop' },
    group: index % 4 === 0 ? 'web' : null,
    tags: index % 4 === 0 ? ['public'] : [],
    state,
    stateSince: now - Math.floor((state === 'up' ? 1 + random() * 20 : 0.01 + random() * 0.2) * day),
    reason,
    confirming: index === 8 ? { toward: 'down', seen: 1, needed: 2 } : null,
    last: state === 'unobserved' ? null : { at: lastAt, outcome: outcomeOf(state), durationMs, reason },
    nextRunAt: isPaused ? null : lastAt + minute,
    certificateExpiresAt:
      kind === 'http' ? now + Math.floor((index === 3 ? 5 : index === 6 ? 19 : 40 + random() * 300) * day) : null,
  }
}

function stateOf(index: number): TimelineState {
  if (index === 1 || index === 11) return 'down'
  if (index === 3 || index === 14 || index === 22) return 'degraded'
  if (index === 9) return 'unknown'
  if (index === 13) return 'maintenance'
  return index === 17 || index === 39 ? 'unobserved' : 'up'
}

const outcomeOf = (state: TimelineState): CheckResult['outcome'] =>
  state === 'down' || state === 'degraded' || state === 'unknown' ? state : 'up'

function reasonOf(state: TimelineState): CheckView['reason'] {
  switch (state) {
    case 'up':
      return { code: 'ok', message: 'Answered 200 as expected.' }
    case 'degraded':
      return { code: 'slow', message: 'Answers, but the 95th percentile of ten minutes is 1.9 s, above 1 s.' }
    case 'down':
      return { code: 'connection-refused', message: 'Connection refused by 192.0.2.17 port 443.' }
    case 'unknown':
      return { code: 'no-ping', message: 'Cannot be measured: this system has no ping command.' }
    case 'maintenance':
      return { code: 'maintenance', message: 'Planned maintenance until 18:00.' }
    case 'unobserved':
      return { code: 'not-run', message: 'Nobody has looked yet.' }
  }
}

export function sampleIntervals(check: CheckView, from: number, to: number): StateInterval[] {
  const random = seeded(hashOf(check.id))
  const intervals: StateInterval[] = []
  const add = (start: number, end: number, state: TimelineState) => {
    const interval = { from: Math.max(from, start), to: Math.min(to, end), state, reason: reasonOf(state) }
    if (interval.from < interval.to) intervals.push(interval)
  }
  // A fixed origin, so that the past does not change as time goes on.
  let at = Math.floor(from / (7 * day)) * 7 * day
  while (at < to) {
    const calm = (4 + random() * 40) * hour
    const trouble = (2 + random() * 40) * minute
    add(at, Math.min(at + calm, check.stateSince), 'up')
    const kind: TimelineState = random() < 0.4 ? 'down' : random() < 0.6 ? 'degraded' : 'unobserved'
    add(at + calm, Math.min(at + calm + trouble, check.stateSince), kind)
    at += calm + trouble
  }
  add(check.stateSince, to, check.state)
  return intervals
}

export function totalsOf(intervals: readonly StateInterval[]): StateTotals {
  const totals = { up: 0, degraded: 0, down: 0, unknown: 0, maintenance: 0, unobserved: 0 }
  for (const { from, to, state } of intervals) totals[state] += to - from
  return totals
}

export function uptimeOf(totals: StateTotals): { availabilityRatio: number | null; coverageRatio: number } {
  const counted = totals.up + totals.degraded + totals.down
  const all = Object.values(totals).reduce((sum, ms) => sum + ms, 0)
  return {
    availabilityRatio: counted > 0 ? (totals.up + totals.degraded) / counted : null,
    coverageRatio: all > 0 ? (all - totals.unobserved - totals.unknown) / all : 0,
  }
}

const worst: readonly TimelineState[] = ['down', 'degraded', 'unknown', 'maintenance', 'up', 'unobserved']

export function sampleHistory(check: CheckView, now: number, buckets: number): CheckHistory {
  const stretch = day / buckets
  const random = seeded(hashOf(check.id) + 5)
  const intervals = sampleIntervals(check, now - day, now)
  const bar = Array.from({ length: buckets }, (_, index) => {
    const from = Math.round(now - day + index * stretch)
    const to = Math.round(from + stretch)
    const inside = intervals.filter((interval) => interval.from < to && interval.to > from)
    const state = worst.find((candidate) => inside.some((interval) => interval.state === candidate)) ?? 'unobserved'
    const downMs = inside
      .filter((interval) => interval.state === 'down')
      .reduce((sum, interval) => sum + Math.min(to, interval.to) - Math.max(from, interval.from), 0)
    return { from, to, state, downMs }
  })
  const uptime = (length: number) => uptimeOf(totalsOf(sampleIntervals(check, now - length, now)))
  return {
    id: check.id,
    bar,
    uptime: { day: uptime(day), week: uptime(7 * day), month: uptime(30 * day) },
    latencyMs: bar.map(({ state }) => (state === 'down' || state === 'unobserved' ? null : 40 + random() ** 4 * 600)),
  }
}

export function sampleResult(check: CheckView, at: number, trigger: CheckResult['trigger'], order = 0): CheckResult {
  const random = seeded(hashOf(check.id) + order)
  const isDown = check.state === 'down' || (check.state !== 'up' && order % 3 === 0)
  const outcome = isDown ? 'down' : outcomeOf(check.state)
  const phases =
    check.kind === 'http'
      ? [
          { name: 'resolve', durationMs: 2 + random() * 12 },
          { name: 'connect', durationMs: 8 + random() * 20 },
          ...(isDown
            ? []
            : [
                { name: 'tls', durationMs: 12 + random() * 25 },
                { name: 'processing', durationMs: 20 + random() * 140 },
                { name: 'transfer', durationMs: 1 + random() * 14 },
              ]),
        ]
      : [{ name: 'connect', durationMs: 6 + random() * 20 }]
  return {
    id: `${check.id}-${order}-${at}`,
    checkId: check.id,
    at,
    trigger,
    outcome,
    reason: isDown ? reasonOf('down') : reasonOf(check.state),
    durationMs: phases.reduce((sum, phase) => sum + phase.durationMs, 0),
    phases,
    evidence: z.json().parse(isDown ? failureEvidence(check) : evidenceOf(check, at)),
  }
}

const requestHeaders = [
  { name: 'accept', value: '*/*' },
  { name: 'user-agent', value: 'Belfry/0.1.0' },
]

/** As the kind of the check would have seen it. */
function evidenceOf(check: CheckView, at: number): Evidence {
  if (check.kind === 'icmp') return { packets: { sent: 3, received: 3, roundTripsMs: [11.2, 10.8, 12.4] } }
  if (check.kind === 'tcp') {
    const rows = [
      { name: 'version', value: 'PostgreSQL 17.5' },
      { name: 'role', value: 'primary <b>' },
    ]
    return { remoteAddress: '192.0.2.17:5432', facts: [{ title: 'Server', note: 'accepts writes', rows }] }
  }
  const host = new URL(check.target).hostname
  const body = '{"status":"ok","version":"4.12.0","checks":{"database":"ok"}}\n'
  return {
    request: { line: `GET ${new URL(check.target).pathname} HTTP/1.1`, headers: requestHeaders, body: null },
    remoteAddress: '192.0.2.17:443',
    response: {
      line: 'HTTP/1.1 200 OK',
      headers: [
        { name: 'content-type', value: 'application/json; charset=utf-8' },
        { name: 'server', value: 'nginx' },
        { name: 'cache-control', value: 'no-store' },
      ],
      bodyBytes: body.length,
      bodySample: body,
      truncated: false,
    },
    tls: {
      protocol: 'TLSv1.3',
      cipher: 'TLS_AES_256_GCM_SHA384',
      problem: null,
      certificates: [
        {
          subject: host,
          issuer: "R11, Let's Encrypt",
          validFromAt: at - 40 * day,
          validToAt: check.certificateExpiresAt ?? at + 50 * day,
          names: [host, `www.${host}`],
          serialNumber: '04:A1:5B:0C:77:2E:91:D3',
          fingerprintSha256: '9F:86:D0:81:88:4C:7D:65:9A:2F:EA:A0:C5:5A:D0:15:A3:BF:4F:1B:2B:0B:82:2C:D1:5D:6C:15',
        },
      ],
    },
    assertions: [
      { what: 'status', expected: '200-299', actual: '200', passed: true, level: 'down' },
      { what: '$.status', expected: 'equals "ok"', actual: '"ok"', passed: true, level: 'down' },
    ],
  }
}

function failureEvidence(check: CheckView): Evidence {
  if (check.kind !== 'http') return { remoteAddress: '192.0.2.17' }
  const line = `GET ${new URL(check.target).pathname} HTTP/1.1`
  return { request: { line, headers: requestHeaders, body: null }, remoteAddress: '192.0.2.17:443' }
}

export function sampleDraft(check: CheckView): CheckDraft {
  return {
    name: check.name,
    kind: check.kind,
    enabled: check.enabled,
    everyMs: check.everyMs,
    timeoutMs: 10_000,
    confirm: { failures: 2, of: 3, successes: 2, retryEveryMs: 15_000 },
    slowMs: 1000,
    labels: check.labels,
    group: check.group,
    tags: check.tags,
    config: sampleConfig(check),
  }
}

/** The login pages ask with a token, which a screen never sees. */
function sampleConfig(check: CheckView): CheckDraft['config'] {
  if (check.kind !== 'http') return { host: check.target.split(':')[0] ?? '', port: 5432 }
  const url = check.target
  return check.name.startsWith('Login') ? { url, auth: { type: 'bearer', token: keptSecret } } : { url }
}

const Tcp = z.strictObject({
  host: z.string().min(1).meta({ title: 'Host' }),
  port: z.number().int().min(1).max(65_535).meta({ title: 'Port' }),
  send: z.string().default('').meta({ title: 'Send', multiline: true }),
  expect: z.string().default('').meta({ title: 'Expect' }),
  tls: z.boolean().default(false).meta({ title: 'TLS' }),
})
const Icmp = z.strictObject({
  host: z.string().min(1).meta({ title: 'Host' }),
  count: z.number().int().min(1).max(20).default(3).meta({ title: 'Packets' }),
})

export function sampleKinds(): CheckKindView[] {
  return [
    kindView('http', 'HTTP', 'Asks a web address and checks the answer: status, body, certificate, speed.', HttpConfig),
    kindView('tcp', 'TCP connect', 'Connects to a port, and may send and expect a few bytes.', Tcp),
    kindView('icmp', 'Ping', 'Sends echo requests with the system’s own ping.', Icmp),
    kindView('heartbeat', 'Heartbeat', 'Waits for pings of a job.', HeartbeatConfig),
    kindView('browser', 'Browser journey', 'Drives a browser through pages.', BrowserConfig),
  ]
}

function kindView(kind: string, title: string, description: string, schema: z.ZodType): CheckKindView {
  // A generated schema is JSON by construction.
  const json = z.toJSONSchema(schema, { io: 'input' }) as unknown as CheckKindView['schema']
  return { kind, title, description, schema: JSON.parse(JSON.stringify(json)), defaults: {} }
}
