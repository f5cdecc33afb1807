/** Messages on their way and as they went: the outbox with every attempt, and the inbox that the console itself shows. */
import type { Delivery, InboxItem } from '#shared/contract/alerts.ts'
import { defineFamily } from '../family.ts'

export interface StoredDelivery extends Delivery {
  /** JSON of the message, for attempts after a restart. */
  readonly message: string
}

export interface PagePosition {
  readonly at: number
  readonly id: string
}

export const outboxTables = defineFamily({
  writes(database) {
    const add = database.prepare<[DeliveryRow]>(
      `INSERT INTO delivery (id, key, alert_id, channel, event, title, state, created_at, next_attempt_at, attempts,
                             message)
       VALUES (@id, @key, @alertId, @channel, @event, @title, @state, @createdAt, @nextAttemptAt, @attempts, @message)`,
    )
    const update = database.prepare<[Pick<DeliveryRow, 'id' | 'state' | 'nextAttemptAt' | 'attempts'>]>(
      `UPDATE delivery SET state = @state, next_attempt_at = @nextAttemptAt, attempts = @attempts WHERE id = @id`,
    )
    const receive = database.prepare<[InboxItem]>(
      `INSERT INTO inbox (id, at, alert_id, event, severity, title, body, read_at)
       VALUES (@id, @at, @alertId, @event, @severity, @title, @body, @readAt)`,
    )
    const read = database.prepare<[{ id: string; at: number }]>(
      'UPDATE inbox SET read_at = @at WHERE id = @id AND read_at IS NULL',
    )
    const readAll = database.prepare<[{ at: number }]>('UPDATE inbox SET read_at = @at WHERE read_at IS NULL')
    const pruneDeliveries = database.prepare<[{ before: number; limit: number }]>(
      `DELETE FROM delivery WHERE id IN
         (SELECT id FROM delivery WHERE created_at < @before AND state IN ('delivered', 'dead')
          ORDER BY created_at LIMIT @limit)`,
    )
    const pruneInbox = database.prepare<[{ before: number; limit: number }]>(
      'DELETE FROM inbox WHERE id IN (SELECT id FROM inbox WHERE at < @before ORDER BY at LIMIT @limit)',
    )
    return {
      'delivery.add': (deliveries: readonly StoredDelivery[]) => {
        for (const delivery of deliveries) add.run(rowOf(delivery))
      },
      /** State, next attempt and attempts of a delivery that is there. */
      'delivery.update': (delivery: Delivery) => {
        const { id, state, nextAttemptAt, attempts } = delivery
        update.run({ id, state, nextAttemptAt, attempts: JSON.stringify(attempts) })
      },
      'inbox.add': (items: readonly InboxItem[]) => {
        for (const item of items) receive.run(item)
      },
      /** An empty list means all. */
      'inbox.markRead': (input: { readonly ids: readonly string[]; readonly at: number }) => {
        if (input.ids.length === 0) readAll.run({ at: input.at })
        for (const id of input.ids) read.run({ id, at: input.at })
      },
      'outbox.prune': (input: { readonly before: number; readonly limit: number }) => {
        pruneDeliveries.run(input)
        pruneInbox.run(input)
      },
    }
  },

  questions(database) {
    const columns = `id, key, alert_id AS alertId, channel, event, title, state, created_at AS createdAt,
      next_attempt_at AS nextAttemptAt, attempts, message`
    const open = database.prepare<[], DeliveryRow>(
      `SELECT ${columns} FROM delivery WHERE state IN ('queued', 'sending', 'retrying') ORDER BY id`,
    )
    const page = database.prepare<[PagePosition & { limit: number }], DeliveryRow>(
      `SELECT ${columns} FROM delivery WHERE (created_at, id) < (@at, @id)
       ORDER BY created_at DESC, id DESC LIMIT @limit`,
    )
    const pageOfAlert = database.prepare<[PagePosition & { limit: number; alertId: string }], DeliveryRow>(
      `SELECT ${columns} FROM delivery WHERE alert_id = @alertId AND (created_at, id) < (@at, @id)
       ORDER BY created_at DESC, id DESC LIMIT @limit`,
    )
    const lastOf = database.prepare<[{ channel: string }], DeliveryRow>(
      `SELECT ${columns} FROM delivery WHERE channel = @channel AND attempts <> '[]'
       ORDER BY created_at DESC, id DESC LIMIT 1`,
    )
    const inbox = database.prepare<[PagePosition & { limit: number }], InboxItem>(
      `SELECT id, at, alert_id AS alertId, event, severity, title, body, read_at AS readAt FROM inbox
       WHERE (at, id) < (@at, @id) ORDER BY at DESC, id DESC LIMIT @limit`,
    )
    const unread = database.prepare<[], { count: number }>('SELECT count(*) AS count FROM inbox WHERE read_at IS NULL')
    const from = (before: PagePosition | null) => before ?? { at: Number.MAX_SAFE_INTEGER, id: '' }
    return {
      /** What was not settled when Belfry stopped. */
      'delivery.open': (_: Readonly<Record<string, never>>): StoredDelivery[] => open.all().map(deliveryOf),
      /** Newest first; of one alert, or of all. */
      'delivery.page': (input: {
        readonly alertId: string | null
        readonly before: PagePosition | null
        readonly limit: number
      }): Delivery[] => {
        const { alertId, limit } = input
        const position = { ...from(input.before), limit }
        const rows = alertId === null ? page.all(position) : pageOfAlert.all({ ...position, alertId })
        return rows.map(logged)
      },
      /** The newest delivery that was tried. */
      'delivery.lastOf': (input: { readonly channel: string }): Delivery | null => {
        const row = lastOf.get(input)
        return row ? logged(row) : null
      },
      /** Newest first. */
      'inbox.page': (input: { readonly before: PagePosition | null; readonly limit: number }): InboxItem[] =>
        inbox.all({ ...from(input.before), limit: input.limit }),
      'inbox.unread': (_: Readonly<Record<string, never>>): number => unread.get()?.count ?? 0,
    }
  },
})

interface DeliveryRow extends Omit<StoredDelivery, 'attempts'> {
  readonly attempts: string
}

const rowOf = (delivery: StoredDelivery): DeliveryRow => ({ ...delivery, attempts: JSON.stringify(delivery.attempts) })
const deliveryOf = (row: DeliveryRow): StoredDelivery => ({ ...row, attempts: JSON.parse(row.attempts) })

function logged(row: DeliveryRow): Delivery {
  const { message: _message, ...delivery } = deliveryOf(row)
  return delivery
}
