/**
 * What a result passes before it becomes a state: whether it speaks of the target at all, or of this machine. Its own
 * link, its own resolver and its own limits are each told once, and what they spoil is `unknown`, never `down`.
 */
import { isIP } from 'node:net'
import type { Notices } from '#main/notices.ts'
import type { Clock, Timers } from '#main/ports.ts'
import type { UplinkGuard } from '#main/uplink/uplink-guard.ts'
import { wasWayLost } from '#main/uplink/way-lost.ts'
import type { Reason } from '#shared/contract/checks.ts'
import { hasResolverFailed, type Lookup } from '#shared/domain/resolver-verdict.ts'
import { parseHost, parseHostPort } from './network/host.ts'
import { watchOwnLimits } from './own-limits.ts'
import type { ReadyCheck } from './ready-check.ts'
import type { ProbeReport } from './runner.ts'

export interface ResultGate {
  /** A report as it may become a state. A result of a target behind the link waits here for the references. */
  pass(check: ReadyCheck, report: ProbeReport, probe: PassingProbe): ProbeReport | Promise<ProbeReport>
  close(): void
}

interface PassingProbe {
  /** Monotonic ms. */
  readonly startedMs: number
  /** The check is down already: another failure is no news, and nobody is asked about it. */
  readonly isDown: boolean
}

export interface GateOptions {
  readonly clock: Clock
  readonly timers: Timers
  readonly notices: Notices
  /** Null: the link is not watched. */
  readonly uplink: UplinkGuard | null
}

/** The resolver did not answer; a name that does not exist is another matter. */
const unresolved = new Set(['dns-timeout', 'dns-unavailable', 'dns-failed'])
/** Could not be measured for want of a way to the target. */
const noWay = new Set([...unresolved, 'network-unreachable'])
const resolverNotice = 'resolver'
const mostNames = 10_000

export function createResultGate({ clock, timers, notices, uplink }: GateOptions): ResultGate {
  const limits = watchOwnLimits({ clock, timers, notices })
  const lookups = new Map<string, Lookup>()
  const hosts = new WeakMap<ReadyCheck, string | null>()
  let someRemoteAnswered = false
  let someLookupFailed = false

  function hostOf(check: ReadyCheck): string | null {
    let host = hosts.get(check)
    if (host === undefined) {
      host = check.kind.host === undefined ? hostOfTarget(check.target) : check.kind.host(check.config)
      hosts.set(check, host)
    }
    return host
  }

  function answered(host: string, report: ProbeReport): void {
    // A job that reported by itself says nothing of the way to it.
    if (report.result.phases.length === 0) return
    const { remoteAddress } = report.result.evidence as { remoteAddress?: unknown }
    if (isIP(host) === 0) {
      if (someLookupFailed) lookedUp(host, false)
      if (typeof remoteAddress === 'string') {
        uplink?.noteAddress(host, parseHostPort(remoteAddress)?.host ?? remoteAddress)
      }
    }
    if (someRemoteAnswered || uplink?.nearnessOf(host) !== 'remote') return
    someRemoteAnswered = true
    uplink.noteAnswer()
  }

  /** Whether the resolver has failed, now that this is known of a name. */
  function lookedUp(name: string, failed: boolean): boolean {
    const nowMs = clock.monotonicMs()
    someLookupFailed ||= failed
    if (lookups.size >= mostNames) lookups.clear()
    lookups.set(name, { failed, atMs: nowMs })
    const hasFailed = hasResolverFailed(lookups, nowMs)
    if (hasFailed) {
      notices.raise({
        id: resolverNotice,
        level: 'error',
        title: 'Names cannot be looked up',
        message:
          'The resolver of this machine does not answer, for several different names. Targets with a name are unknown until it does, and no alert comes of it. Look at the name servers of this machine (/etc/resolv.conf or the network settings).',
      })
    } else if (!failed) notices.withdraw(resolverNotice)
    return hasFailed
  }

  async function ofTheLink(report: ProbeReport, host: string, probe: PassingProbe): Promise<ProbeReport> {
    const isOurs = uplink !== null && (await wasWayLost(uplink, host, probe.startedMs, !probe.isDown))
    return isOurs ? spoilt(report, linkLost) : ofTheResolver(report, host)
  }

  function ofTheResolver(report: ProbeReport, host: string): ProbeReport {
    const { reason } = report.result
    if (isIP(host) !== 0) return report
    if (!unresolved.has(reason.code)) {
      if (someLookupFailed && report.result.outcome !== 'unknown') lookedUp(host, false)
      return report
    }
    return lookedUp(host, true) ? spoilt(report, resolverFailed) : report
  }

  return {
    pass(check, report, probe) {
      const { outcome, reason } = report.result
      const host = hostOf(check)
      if (outcome === 'unknown') limits.note(reason.code)
      if (host === null) return report
      if (outcome === 'up' || outcome === 'degraded') {
        answered(host, report)
        return report
      }
      const mayBeTheLink = outcome === 'down' || noWay.has(reason.code)
      if (!mayBeTheLink || uplink === null || uplink.nearnessOf(host) === 'own') return ofTheResolver(report, host)
      return ofTheLink(report, host, probe)
    },
    close: limits.close,
  }
}

const linkLost: Reason = { code: 'uplink', message: 'This machine had no network of its own at that time.' }
const resolverFailed: Reason = { code: 'resolver', message: 'The resolver of this machine did not answer.' }

/** Nothing was measured: no outcome, no samples. The evidence stays, for whoever wants to know what the probe saw. */
function spoilt(report: ProbeReport, { code, message }: Reason): ProbeReport {
  const { result } = report
  const seen = `The probe saw: ${result.reason.message}`
  return {
    ...report,
    result: { ...result, outcome: 'unknown', reason: { code, message: `${message} ${seen}` } },
    samples: [],
  }
}

/** The host that a target begins with: of a URL, of `host:port`, or itself. Empty for what names none: far away. */
function hostOfTarget(target: string): string {
  const [first = ''] = target.split(/\s/, 1)
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(first)) {
    const parsed = URL.parse(first)
    if (parsed !== null) return parsed.hostname.replace(/^\[|\]$/g, '')
  }
  return parseHostPort(first)?.host ?? parseHost(first) ?? ''
}
