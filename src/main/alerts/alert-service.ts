/** Questions about alerts, and what people do with them. */
import type { Ports } from '#main/ports.ts'
import type { StateStore } from '#main/store/state-store.ts'
import type { AlertDetail, AlertView } from '#shared/contract/alerts.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { Change, Engine } from './engine.ts'
import { explain } from './explain.ts'
import { acknowledge, resolveByHand, snooze, unacknowledge, unsnooze } from './handling.ts'
import { type AlertQuery, activeCursor, activeMatching, labelFilters, parseCursor, resolvedCursor } from './listing.ts'
import { type AlertRecord, parseRecord, viewOf } from './record.ts'

export interface AlertService {
  /** Throws AppError `invalid` for a wrong filter or cursor. */
  list(query: AlertQuery): Promise<{ alerts: AlertView[]; next: string | null }>
  /** Rejects with AppError `not-found`. */
  get(id: string): Promise<AlertDetail>
  /** These change all of the alerts or none; see Engine.change for what they reject with. */
  acknowledge(ids: readonly string[], by: string, note: string, until: number | null): Promise<AlertView[]>
  unacknowledge(ids: readonly string[], by: string): Promise<AlertView[]>
  snooze(ids: readonly string[], by: string, until: number): Promise<AlertView[]>
  unsnooze(ids: readonly string[], by: string): Promise<AlertView[]>
  resolve(ids: readonly string[], by: string, note: string): Promise<AlertView[]>
  /** Alerts that fire or recover, worst and oldest first: for the tray and the overview. */
  firing(): AlertView[]
}

const firingOnes: AlertQuery = {
  states: ['firing', 'recovering'],
  severities: [],
  labels: [],
  text: '',
  limit: 0,
  cursor: null,
}
const similarShown = 10
const deliveriesShown = 100

export function alertService(options: {
  readonly ports: Pick<Ports, 'clock'>
  readonly state: StateStore
  readonly engine: Engine
}): AlertService {
  const { ports, state, engine } = options
  const { clock } = ports
  const view = (record: AlertRecord) => viewOf(record, clock.now())

  async function change(ids: readonly string[], how: (record: AlertRecord, at: number) => Change) {
    return (await engine.change(ids, how)).map(view)
  }

  async function find(id: string): Promise<AlertRecord> {
    const active = engine.active().find(({ episode }) => episode.id === id)
    if (active) return active
    const body = await state.ask('alert.get', { id })
    if (body === null) throw new AppError('not-found', `There is no alert with the id "${id.slice(0, 100)}".`)
    return parseRecord(body)
  }

  return {
    async list(query) {
      const position = parseCursor(query.cursor)
      const alerts: AlertRecord[] = []
      if ('active' in position) {
        const matching = activeMatching(engine.active(), query)
        const end = position.active + query.limit
        alerts.push(...matching.slice(position.active, end))
        if (matching.length > end) return { alerts: alerts.map(view), next: activeCursor(end) }
      }
      const limit = query.limit - alerts.length
      if (!query.states.includes('resolved')) return { alerts: alerts.map(view), next: null }
      const { severities, text } = query
      const before = 'resolved' in position ? position.resolved : null
      const labels = labelFilters(query.labels)
      // One more than is shown tells whether there is a next page.
      const asked = { severities, labels, text: text.trim(), before, limit: limit + 1 }
      const found = (await state.askLong('alert.resolved', asked)).map(parseRecord)
      alerts.push(...found.slice(0, limit))
      const last = alerts.at(-1)
      const more = found.length > limit
      if (!more) return { alerts: alerts.map(view), next: null }
      const next = last?.resolvedAt
        ? resolvedCursor(last.resolvedAt, last.episode.id)
        : resolvedCursor(Number.MAX_SAFE_INTEGER, '')
      return { alerts: alerts.map(view), next }
    },
    async get(id) {
      const record = await find(id)
      const { rule, fingerprint, expr, forMs } = record
      const [events, deliveries, similar] = await Promise.all([
        state.ask('alert.events', { id }),
        state.ask('delivery.page', { alertId: id, before: null, limit: deliveriesShown }),
        state.askLong('alert.alike', { rule, fingerprint, except: id, limit: similarShown }),
      ])
      return {
        alert: view(record),
        events,
        deliveries,
        explanation: explain(record, events, deliveries.toReversed(), clock.now()),
        expr,
        forMs,
        similar: similar.map(parseRecord).map(view),
      }
    },
    acknowledge: (ids, by, note, until) => change(ids, acknowledge(by, note, until)),
    unacknowledge: (ids, by) => change(ids, unacknowledge(by)),
    snooze: (ids, by, until) => change(ids, snooze(by, until)),
    unsnooze: (ids, by) => change(ids, unsnooze(by)),
    resolve: (ids, by, note) => change(ids, resolveByHand(by, note)),
    firing: () => activeMatching(engine.active(), firingOnes).map(view),
  }
}
