/** What happens to alerts, in words for history, messages and explanations. Instants in UTC. */
import type { AlertEvent } from '#shared/contract/alerts.ts'
import type { Transition } from '#shared/domain/alert-machine.ts'
import { humanize } from '#shared/domain/humanize.ts'
import type { Suppression } from '#shared/domain/notify-decision.ts'
import type { AlertRecord } from './record.ts'

/** `10:02:15 UTC`, with the date when it is another day than `now`. */
export function clockTime(at: number, now: number): string {
  const iso = new Date(at).toISOString()
  const time = `${iso.slice(11, 19)} UTC`
  return iso.slice(0, 10) === new Date(now).toISOString().slice(0, 10) ? time : `${iso.slice(0, 10)} ${time}`
}

const units = [
  { name: 'd', seconds: 86_400 },
  { name: 'h', seconds: 3600 },
  { name: 'min', seconds: 60 },
  { name: 's', seconds: 1 },
] as const

/** The two largest parts, such as `3 min 2 s`; whole seconds, and never less than `0 s`. */
export function lasting(durationMs: number): string {
  const seconds = Math.max(0, Math.round(durationMs / 1000))
  const first = units.findIndex((unit) => seconds >= unit.seconds)
  const parts = units.slice(first, first + 2).map((unit, index) => {
    const count = Math.floor((index === 0 ? seconds : seconds % (units[first]?.seconds ?? 1)) / unit.seconds)
    return count > 0 ? `${count} ${unit.name}` : ''
  })
  return first < 0 ? '0 s' : parts.filter(Boolean).join(' ')
}

export const valueText = (value: number | null) => (value === null ? 'no number' : humanize(value))

/** A transition as a line of the alert's history. */
export function eventOf(transition: Transition, record: AlertRecord): AlertEvent {
  const { at } = transition
  const { episode, forMs, keepFiringForMs } = record
  switch (transition.type) {
    case 'pending':
      return {
        at,
        type: 'pending',
        by: null,
        message: `The condition holds. The alert fires if it still holds after ${lasting(forMs)}.`,
      }
    case 'fired':
      return { at, type: 'fired', by: null, message: `Fired with the value ${valueText(episode.value)}.` }
    case 'recovering': {
      const message = `The condition no longer holds. The alert keeps firing for ${lasting(keepFiringForMs)}, in case it comes back.`
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
      return 'Resolved: what it was about is gone.'
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
      return 'There is no data now. The alert stays as it is until there is some.'
    case 'error':
      return 'The rule cannot be evaluated now. The alert stays as it is until it can.'
  }
}

/** Why nobody was told. */
export function suppressionText({ reason, until, by }: Suppression, record: AlertRecord, now: number): string {
  const then = until === null ? '' : ` until ${clockTime(until, now)}`
  switch (reason) {
    case 'resolved-untold':
      return 'Nobody was told that it is over, because nobody was told that it fired.'
    case 'resolved-unwanted':
      return 'Nobody was told that it is over: notifications of resolved alerts are switched off in Settings.'
    case 'severity':
      return `Nobody was told: its severity, ${record.severity}, is below the least one set in Settings.`
    case 'superseded':
      return `Nobody was told: ${by ?? 'a worse rule'} fires for the same target. If this still fires when that is over, it is told.`
    case 'acknowledged':
      return `Nobody was told: ${record.acknowledgement?.by ?? 'somebody'} holds it${then}.`
    case 'snoozed':
      return `Nobody was told: it is snoozed${then}.`
    case 'quiet':
      return `Nobody was told: these are quiet hours${then}. If it still fires then, it is told.`
    case 'cooldown':
      return `Nobody was told again: the same alert was told shortly before. It stays quiet${then}; if it still fires then, it is told.`
  }
}
