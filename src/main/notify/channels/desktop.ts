import { z } from 'zod'
import { defineChannelKind, type SendingChannelKind } from '../channel.ts'

/** Native notifications of the desktop that Belfry runs on. */
export const desktop = defineChannelKind({
  kind: 'desktop',
  title: 'Desktop',
  config: z.strictObject({}),
  // A toast is shown again when it is sent again.
  deduplicates: false,
  concurrency: 1,
  mostAtOnce: 5,
  async describe({ desktop: port }) {
    const { available, mechanism, reason } = await port.describe()
    return { available, mechanism, problem: reason ?? null }
  },
  async send({ title, body, severity, alertId, event }, _config, { desktop: port }) {
    try {
      const link = alertId === null ? {} : { link: `belfry://alert/${alertId}` }
      // What is over needs nobody's attention: it neither sounds nor stays.
      const over = event === 'resolved'
      await port.notify({ title, body, severity: over ? 'info' : severity, silent: over, ...link })
      return { ok: true, answer: 'The desktop took the notification.' }
    } catch (error) {
      const answer = error instanceof Error ? error.message : String(error)
      return { ok: false, answer, retry: true, retryAfterMs: null }
    }
  },
} satisfies SendingChannelKind)
