/** The inbox, the delivery log and the channels, as screens ask for them. */
import type { Channels } from '#main/notify/open-channels.ts'
import type { Outbox } from '#main/notify/outbox.ts'
import type { Ports } from '#main/ports.ts'
import type { StateStore } from '#main/store/state-store.ts'
import type { ChannelView, Delivery, InboxItem } from '#shared/contract/alerts.ts'
import { AppError } from '#shared/contract/errors.ts'

export interface NotifyService {
  channels(): Promise<ChannelView[]>
  /** Sends a test message the way alerts go; resolves after the first attempt. Rejects with AppError `not-found`. */
  test(channel: string, by: string): Promise<Delivery>
  deliveries(
    alertId: string | null,
    limit: number,
    cursor: string | null,
  ): Promise<{ deliveries: Delivery[]; next: string | null }>
  inbox(limit: number, cursor: string | null): Promise<{ items: InboxItem[]; unread: number; next: string | null }>
  /** An empty list means all. Resolves with how many are unread then. */
  markRead(ids: readonly string[]): Promise<number>
}

export function notifyService(options: {
  readonly ports: Pick<Ports, 'clock' | 'ids'>
  readonly state: StateStore
  readonly channels: Channels
  readonly outbox: Outbox
}): NotifyService {
  const { ports, state, channels, outbox } = options
  return {
    channels: () => channels.views(),
    async test(name, by) {
      const channel = channels.named(name)
      const message = {
        key: `test:${ports.ids.next()}`,
        event: 'test' as const,
        alertId: null,
        severity: 'info' as const,
        title: 'Belfry test notification',
        body: `This is a test, asked for by ${by}. Alerts arrive the same way.`,
        at: ports.clock.now(),
        labels: {},
        annotations: {},
      }
      return outbox.send(message, channel)
    },
    async deliveries(alertId, limit, cursor) {
      const found = await state.askLong('delivery.page', { alertId, before: positionOf(cursor), limit: limit + 1 })
      const deliveries = found.slice(0, limit)
      const last = deliveries.at(-1)
      return { deliveries, next: found.length > limit && last ? cursorOf(last.createdAt, last.id) : null }
    },
    async inbox(limit, cursor) {
      const found = await state.askLong('inbox.page', { before: positionOf(cursor), limit: limit + 1 })
      const items = found.slice(0, limit)
      const last = items.at(-1)
      const unread = await state.askLong('inbox.unread', {})
      return { items, unread, next: found.length > limit && last ? cursorOf(last.at, last.id) : null }
    },
    async markRead(ids) {
      await state.commit([['inbox.markRead', { ids, at: ports.clock.now() }]])
      return state.ask('inbox.unread', {})
    },
  }
}

const cursorOf = (at: number, id: string) => `${at}:${id}`

function positionOf(cursor: string | null) {
  if (cursor === null) return null
  const match = /^(\d{1,16}):(.{1,100})$/.exec(cursor)
  if (!match) throw new AppError('invalid', 'expected a cursor from the page before')
  return { at: Number(match[1]), id: match[2] ?? '' }
}
