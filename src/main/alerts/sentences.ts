/** What happens to alerts, in words for history, messages and explanations. Durations as in rules; instants in UTC. */
import type { AlertEvent } from '#shared/contract/alerts.ts'
import type { Transition } from '#shared/domain/alert-machine.ts'
import { humanize } from '#shared/domain/humanize.ts'
import type { Suppression } from '#shared/domain/notify-decision.ts'
import { formatDurationMs } from '#shared/promql/duration.ts'
import type { AlertRecord } from './record.ts'

/** `10:02:15 UTC`, with the date when it is another day than `now`. */
export function clockTime(at: number, now: number): string {
  const iso = new Date(at).toISOString()
  const time = `${iso.slice(11, 19)} UTC`
  return iso.slice(0, 10) === new Date(now).toISOString().slice(0, 10) ? time : `${iso.slice(0, 10)} ${time}`
}

/** `4m10s`; whole seconds, and never less than `0s`. */
export function lasting(durationMs: number): string {
  return formatDurationMs(Math.max(0, Math.round(durationMs / 1000) * 1000))
}

export const valueText = (value: number | null) => (value === null ? 'no number' : humanize(value))

/** A transition as a line of the alert's history. */
export function eventOf(transition: Transition, record: AlertRecord): AlertEvent {
  const { at } = transition
  const { episode, forMs, keepFiringForMs } = record
  switch (transition.type) {
    case 'pending':
      return { at, type: 'pending', by: null, message: `The condition holds. It fires after ${lasting(forMs)}.` }
    case 'fired':
      return { at, type: 'fired', by: null, message: `Fired with the value ${valueText(episode.value)}.` }
    case 'recovering': {
      const message = `The condition no longer holds. It keeps firing for ${lasting(keepFiringForMs)}.`
      return { at, type: 'recovering', by: null, message }
    }
    case 'refired':
      return { at, type: 'refired', by: null, message: 'The condition holds again.' }
    case 'resolved':
      return { at, type: 'resolved', by: null, message: resolutionText(transition.resolution) }
    case 'health':
      return { at, type: 'health', by: null, message: healthText(transition.to) }
  }
}

export function resolutionText(resolution: Extract<Transition, { type: 'resolved' }>['resolution']): string {
  switch (resolution) {
    case 'cleared':
      return 'Resolved: the condition no longer holds.'
    case 'stale':
      return 'Resolved: what it spoke of is not there any more.'
    case 'manual':
      return 'Resolved by hand.'
    case 'rule-removed':
      return 'Resolved: its rule was removed or switched off.'
  }
}

export function healthText(health: AlertRecord['episode']['health']): string {
  switch (health) {
    case 'ok':
      return 'The rule sees data again.'
    case 'nodata':
      return 'There is no data at present. The alert stays as it is until there is.'
    case 'error':
      return 'The rule cannot be evaluated at present. The alert stays as it is until it can.'
  }
}

/** Why nobody was told. */
export function suppressionText({ reason, until, by }: Suppression, record: AlertRecord, now: number): string {
  const then = until === null ? '' : ` until ${clockTime(until, now)}`
  switch (reason) {
    case 'resolved-untold':
      return 'Its end was not told, because its beginning was not.'
    case 'resolved-unwanted':
      return 'Its end was not told: resolved alerts are switched off in Settings.'
    case 'severity':
      return `Nobody was told: ${record.severity} is below the least severity set in Settings.`
    case 'superseded':
      return `Nobody was told: ${by ?? 'a worse rule'} fires for the same target. If this still fires when that is over, it is told.`
    case 'acknowledged':
      return `Nobody was told: ${record.acknowledgement?.by ?? 'somebody'} holds it${then}.`
    case 'snoozed':
      return `Nobody was told: it is snoozed${then}.`
    case 'cooldown':
      return `Nobody was told again: the same alert was told before, and stays quiet${then}. If it still fires then, it is told.`
  }
}
