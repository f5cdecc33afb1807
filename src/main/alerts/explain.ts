/** Why an alert is as it is, in full sentences: what was seen, whether somebody was told, and what comes next. */
import { asSentence } from '#main/notify/sentence.ts'
import type { AlertEvent, Delivery } from '#shared/contract/alerts.ts'
import { isAcknowledged } from '#shared/domain/notify-decision.ts'
import { type AlertRecord, stateOf } from './record.ts'
import { clockTime, healthText, lasting, resolutionText, suppressionText, valueText } from './sentences.ts'

export function explain(
  record: AlertRecord,
  events: readonly AlertEvent[],
  deliveries: readonly Delivery[],
  at: number,
): string[] {
  return [
    ...conditionSentences(record, events, at),
    ...tellingSentences(record, events, at),
    ...deliveries.filter(({ event }) => event !== 'test').map((delivery) => deliverySentence(delivery, at)),
  ]
}

function conditionSentences(record: AlertRecord, events: readonly AlertEvent[], at: number): string[] {
  const { episode, forMs, keepFiringForMs, expr } = record
  const since = `since ${clockTime(episode.activeAt, at)}`
  const value = `its last value was ${valueText(episode.value)}`
  const health = episode.health === 'ok' ? [] : [healthText(episode.health)]
  switch (stateOf(record)) {
    case 'pending': {
      const heldMs = episode.seenAt - episode.countsFrom
      const fires = `It fires once that has been observed for ${lasting(forMs)}: in ${lasting(Math.max(0, forMs - heldMs))}.`
      return [`The condition ${expr} has held ${since}; ${value}.`, fires, ...health]
    }
    case 'firing': {
      const waited = forMs > 0 ? `, after ${lasting(forMs)}` : ''
      const fired = episode.firedAt === null ? '' : ` It fired at ${clockTime(episode.firedAt, at)}${waited}.`
      return [`The condition ${expr} has held ${since}; ${value}.${fired}`, ...health]
    }
    case 'recovering': {
      const leftMs = Math.max(0, keepFiringForMs - (episode.seenAt - episode.countsFrom))
      const quiet = `The condition ${expr} no longer holds. The alert resolves if this stays so for another ${lasting(leftMs)}.`
      return [quiet, ...health]
    }
    case 'resolved': {
      const by = events.findLast(({ type }) => type === 'resolved')?.by
      const end = record.resolvedAt ?? at
      const held = `The condition ${expr} held from ${clockTime(episode.activeAt, at)}; ${value}.`
      const how = by ? `Resolved by ${by}.` : resolutionText(record.resolution ?? 'cleared')
      return [held, `${how} That was at ${clockTime(end, at)}, after ${lasting(end - episode.activeAt)}.`]
    }
  }
}

function tellingSentences(record: AlertRecord, events: readonly AlertEvent[], at: number): string[] {
  const { episode, acknowledgement, snoozedUntil, firingToldAt, owed, suppression } = record
  const sentences: string[] = []
  if (episode.state === 'pending') sentences.push('Nobody is told while an alert is pending.')
  if (firingToldAt !== null) sentences.push(`A notification went out at ${clockTime(firingToldAt, at)}.`)
  if (suppression && (owed || record.resolvedAt !== null)) sentences.push(suppressionText(suppression, record, at))
  if (record.resolvedAt !== null) return sentences
  if (isAcknowledged(acknowledgement, at)) {
    const note = acknowledgement.note ? `: ${acknowledgement.note}` : ''
    const until = acknowledgement.until === null ? '' : `, until ${clockTime(acknowledgement.until, at)}`
    sentences.push(
      asSentence(`${acknowledgement.by} has held it since ${clockTime(acknowledgement.at, at)}${until}${note}`),
    )
  }
  if (snoozedUntil !== null && at < snoozedUntil) {
    sentences.push(`It is snoozed until ${clockTime(snoozedUntil, at)}; if it still fires then, it is told again.`)
  }
  const leftOut = events.filter(({ type, message }) => type === 'suppressed' && message.includes('was left out'))
  return [...sentences, ...leftOut.slice(-2).map(({ message }) => message)]
}

function deliverySentence(delivery: Delivery, at: number): string {
  const { channel, event, state, attempts, nextAttemptAt } = delivery
  const what = event === 'fired' ? 'The alert' : 'Its end'
  const last = attempts.at(-1)
  const said = asSentence(last?.answer ?? 'it was never tried')
  const count = attempts.length === 1 ? 'one attempt' : `${attempts.length} attempts`
  const again = attempts.length > 1 ? `, after ${count}` : ''
  switch (state) {
    case 'delivered':
      return `${what} was delivered to ${channel} at ${clockTime(last?.at ?? at, at)}${again}.`
    case 'queued':
    case 'sending':
      return `${what} is on its way to ${channel}.`
    case 'retrying':
      return `${what} could not be delivered to ${channel} in ${count}: ${said} The next attempt is at ${clockTime(nextAttemptAt ?? at, at)}.`
    case 'dead':
      return `${what} did not get through to ${channel} and was given up after ${count}: ${said}`
  }
}
