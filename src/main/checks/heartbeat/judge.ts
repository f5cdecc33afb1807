/**
 * Whether a job is alive, from its pings alone. Pure. Silence counts only while somebody listened: a ping that was due
 * while Belfry was not running, or no listener was open, may well have been sent, so nothing is concluded from its
 * absence until the next one had its chance.
 */
import type { Outcome, Reason } from '#shared/contract/checks.ts'
import { humanizeDuration } from '#shared/domain/humanize.ts'
import type { HeartbeatConfig } from './config.ts'
import type { Ping, PingMemory } from './ping.ts'
import { dueAfter, type Schedule } from './schedule.ts'

export interface HeartbeatVerdict {
  readonly outcome: Outcome
  readonly reason: Reason
  /** When silence will change the verdict; null when only a ping can. */
  readonly changesAt: number | null
}

/** `listeningSince`: epoch ms since when no ping was missed; null while nothing listens. */
export function judge(
  { schedule, graceMs }: HeartbeatConfig,
  { last, before, start }: PingMemory,
  listeningSince: number | null,
  now: number,
): HeartbeatVerdict {
  // A new run does not undo a failure; its success will.
  if (last?.kind === 'fail') return verdict('down', 'failed', failedWords(last), null)
  if (listeningSince === null) {
    return verdict(
      'unknown',
      'not-listening',
      'No listener is open, so no ping can come; open one in the settings.',
      null,
    )
  }
  const silence = last === null ? null : silenceVerdict({ schedule, graceMs }, last, before, listeningSince, now)
  if (start !== null && silence?.outcome !== 'down') return runVerdict(start, graceMs, listeningSince, now)
  return silence ?? verdict('unknown', 'no-ping-yet', 'No ping has come yet.', null)
}

function silenceVerdict(
  { schedule, graceMs }: Pick<HeartbeatConfig, 'schedule' | 'graceMs'>,
  last: Ping,
  before: Ping | null,
  listeningSince: number,
  now: number,
): HeartbeatVerdict {
  const dueAt = dueAfter(schedule, last.at)
  const overdueAt = dueAt + graceMs
  if (now < dueAt) return verdict('up', 'pinged', pingedWords(schedule, last, before), dueAt)
  const late = span(now - dueAt)
  if (now < overdueAt) {
    return verdict('up', 'late', `The ping is late; the grace of ${span(graceMs)} runs.`, overdueAt)
  }
  // Due before anybody listened: it may have come unseen.
  if (dueAt <= listeningSince) {
    const nextAt = dueAfter(schedule, listeningSince) + graceMs
    if (now < nextAt) {
      const message = `A ping was due while Belfry did not listen; it is down when none comes within ${span(nextAt - now)}.`
      return verdict('unknown', 'due-unobserved', message, nextAt)
    }
  }
  return verdict('down', 'overdue', `The ping is ${late} late: the last one came ${span(now - last.at)} ago.`, null)
}

function runVerdict(start: Ping, graceMs: number, listeningSince: number, now: number): HeartbeatVerdict {
  const overdueAt = start.at + graceMs
  const took = span(now - start.at)
  if (now < overdueAt) return verdict('up', 'running', `A run began ${took} ago.`, overdueAt)
  if (overdueAt <= listeningSince) {
    const nextAt = listeningSince + graceMs
    if (now >= nextAt) return verdict('down', 'not-finished', `A run began ${took} ago and has not ended.`, null)
    const message = `A run that began ${took} ago was to end while Belfry did not listen.`
    return verdict('unknown', 'due-unobserved', message, nextAt)
  }
  return verdict(
    'down',
    'not-finished',
    `A run began ${took} ago and has not ended; ${span(graceMs)} are allowed.`,
    null,
  )
}

function pingedWords(schedule: Schedule, last: Ping, before: Ping | null): string {
  const ran = last.durationMs === null ? '' : `, after running for ${span(last.durationMs)}`
  return `A ping came${ran}${punctuality(schedule, last, before)}.`
}

/** Differences below this are jitter, 1 s. */
const jitterMs = 1000

function punctuality(schedule: Schedule, last: Ping, before: Ping | null): string {
  if (before === null) return ''
  const offMs = last.at - dueAfter(schedule, before.at)
  if (Math.abs(offMs) < jitterMs) return ', on time'
  return `, ${span(Math.abs(offMs))} ${offMs > 0 ? 'late' : 'early'}`
}

function failedWords({ exitStatus }: Ping): string {
  return exitStatus === null ? 'The job told that it failed.' : `The job ended with exit status ${exitStatus}.`
}

function verdict(outcome: Outcome, code: string, message: string, changesAt: number | null): HeartbeatVerdict {
  return { outcome, reason: { code, message }, changesAt }
}

/** Two leading parts are enough, and none that is zero: `1d 2h`, `5m`. */
function span(ms: number): string {
  const parts = humanizeDuration(Math.max(0, Math.round(ms / 1000))).split(' ')
  return parts.filter((part, index) => index === 0 || (index === 1 && !part.startsWith('0'))).join(' ')
}
