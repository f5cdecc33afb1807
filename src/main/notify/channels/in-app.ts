import { z } from 'zod'
import { defineChannelKind, type StoringChannelKind } from '../channel.ts'

/** The inbox that Belfry's own screens show. */
export const inApp = defineChannelKind({
  kind: 'in-app',
  title: 'Inbox',
  config: z.strictObject({}),
  describe: async () => ({ available: true, mechanism: "Belfry's own screens", problem: null }),
  store(message, id) {
    const { at, alertId, event, severity, title, body } = message
    const item = { id, at, alertId, event, severity, title, body, readAt: null }
    return { write: ['inbox.add', [item]], announce: (events) => events.emit('inbox.added', item) }
  },
} satisfies StoringChannelKind)
