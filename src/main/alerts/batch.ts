/**
 * What one unit of work will save and tell. Steps of the state machine go in; whether anybody is told of them is decided
 * here, by the line of stages in notify-decision.ts. Nothing happens before the batch is performed.
 */
import type { Message } from '#main/notify/message.ts'
import type { StoredAlertEvent, Told } from '#main/store/families/alerts.ts'
import type { AlertEvent } from '#shared/contract/alerts.ts'
import type { Step } from '#shared/domain/alert-machine.ts'
import { suppressionOf, type TellingPolicy } from '#shared/domain/notify-decision.ts'
import { messageOf } from './message-of.ts'
import { type AlertRecord, targetOf, tellingOf } from './record.ts'
import { eventOf, suppressionText } from './sentences.ts'

export interface Batch {
  readonly at: number
  /** Records to be saved. Those that are not `live` any more are forgotten afterwards. */
  readonly saved: { readonly record: AlertRecord; readonly live: boolean }[]
  /** Records that were looked at and need no write; `isNews`: what is shown of them changed. */
  readonly looked: { readonly record: AlertRecord; readonly isNews: boolean }[]
  /** Ids of episodes that wait for time to pass and were looked at. */
  readonly seen: string[]
  readonly history: StoredAlertEvent[]
  readonly told: Told[]
  readonly messages: Message[]
}

export interface TellingContext {
  readonly policy: TellingPolicy
  /** When any episode of a rule and target was last told as firing. */
  lastToldAt(rule: string, target: string): number | null
  /** The worse rule that fires for a target. */
  supersededBy(target: string): string | null
}

export function newBatch(at: number): Batch {
  return { at, saved: [], looked: [], seen: [], history: [], told: [], messages: [] }
}

export function addEvent(batch: Batch, alertId: string, event: AlertEvent): void {
  batch.history.push({ alertId, ...event })
}

/** One alert's evaluation: `before` as it stood (null: it begins), `record` with what the step made of its episode. */
export function addStep(
  batch: Batch,
  before: AlertRecord | null,
  record: AlertRecord,
  step: Step,
  cooldownMs: number,
  context: TellingContext,
): void {
  const live = step.episode !== null
  const settled = decided(batch, settle(record, step, batch.at), step, cooldownMs, context)
  for (const transition of step.transitions) addEvent(batch, record.episode.id, eventOf(transition, settled))
  if (step.transitions.length > 0 || !live || !before || needsSaving(before, settled)) {
    batch.saved.push({ record: settled, live })
    return
  }
  batch.looked.push({ record: settled, isNews: isNews(before, settled) })
  const { id, state } = settled.episode
  if (state === 'pending' || state === 'recovering') batch.seen.push(id)
}

function settle(record: AlertRecord, step: Step, at: number): AlertRecord {
  const resolved = step.transitions.find((transition) => transition.type === 'resolved')
  if (resolved) return { ...record, resolvedAt: at, resolution: resolved.resolution, owed: false }
  return step.transitions.some(({ type }) => type === 'fired') ? { ...record, owed: true } : record
}

function decided(
  batch: Batch,
  record: AlertRecord,
  step: Step,
  cooldownMs: number,
  context: TellingContext,
): AlertRecord {
  const ends = step.transitions.some((transition) => transition.type === 'resolved' && transition.fired)
  // What recovers is not told as firing, even if nobody was told before.
  if (!ends && !(record.owed && record.episode.state === 'firing')) return record
  const event = ends ? 'resolved' : 'fired'
  const target = targetOf(record.episode.labels)
  const lastToldAt = context.lastToldAt(record.rule, target)
  const telling = tellingOf(record, event, lastToldAt, cooldownMs, context.supersededBy(target))
  const suppression = suppressionOf(telling, context.policy, batch.at)
  if (suppression) {
    const isNew = suppression.reason !== record.suppression?.reason || suppression.until !== record.suppression.until
    if (isNew) {
      const message = suppressionText(suppression, record, batch.at)
      addEvent(batch, record.episode.id, { at: batch.at, type: 'suppressed', by: null, message })
    }
    return { ...record, suppression }
  }
  batch.messages.push(messageOf(record, event, batch.at))
  if (ends) return { ...record, suppression: null }
  batch.told.push({ rule: record.rule, target, at: batch.at })
  return { ...record, owed: false, firingToldAt: batch.at, suppression: null }
}

/** Whether an evaluation changed something that must outlive a restart; values and texts are not worth a write. */
function needsSaving(before: AlertRecord, after: AlertRecord): boolean {
  const [was, is] = [before.episode, after.episode]
  return (
    was.state !== is.state ||
    was.health !== is.health ||
    was.firedAt !== is.firedAt ||
    was.countsFrom !== is.countsFrom ||
    before.severity !== after.severity ||
    before.owed !== after.owed ||
    before.firingToldAt !== after.firingToldAt ||
    before.suppression?.reason !== after.suppression?.reason ||
    before.suppression?.until !== after.suppression?.until
  )
}

/** Whether screens would show something else. */
function isNews({ episode: was }: AlertRecord, { episode: is }: AlertRecord): boolean {
  if (was.value !== is.value) return true
  const names = Object.keys(is.annotations)
  return (
    names.length !== Object.keys(was.annotations).length ||
    names.some((name) => is.annotations[name] !== was.annotations[name])
  )
}
