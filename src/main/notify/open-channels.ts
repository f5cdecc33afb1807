/** The channels there are here: which are switched on, which work, and what they were configured with. */
import type { Notices } from '#main/notices.ts'
import type { Ports } from '#main/ports.ts'
import type { StateStore } from '#main/store/state-store.ts'
import type { ChannelView } from '#shared/contract/alerts.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { Settings } from '#shared/contract/settings.ts'
import type { ChannelKind } from './channel.ts'
import { channelKinds } from './channels/index.ts'
import { asSentence } from './sentence.ts'

export interface ConfiguredChannel {
  readonly id: string
  readonly kind: ChannelKind
  readonly config: unknown
}

export interface Channels {
  enabled(): readonly ConfiguredChannel[]
  /** Why a channel does not work here, as far as was last seen; null when it does. */
  problemOf(channel: ConfiguredChannel): string | null
  /** Throws AppError `not-found`. */
  named(id: string): ConfiguredChannel
  kindOf(id: string): ChannelKind | undefined
  configOf(id: string): unknown
  views(): Promise<ChannelView[]>
  /** Looks whether they work, now and every minute. Returns what stops that. */
  watch(): Promise<() => void>
}

const lookEveryMs = 60_000

interface Found {
  readonly available: boolean
  readonly mechanism: string
  readonly problem: string | null
}

export function openChannels(
  ports: Ports,
  state: StateStore,
  notices: Notices,
  settings: () => Settings,
  kinds: readonly ChannelKind[] = channelKinds,
): Channels {
  // One channel of each kind, without options, until receivers can be configured.
  const all = kinds.map((kind): ConfiguredChannel => ({ id: kind.kind, kind, config: kind.config.parse({}) }))
  const found = new Map<string, Found>()
  const isEnabled = ({ id }: ConfiguredChannel) => id !== 'desktop' || settings().notifications.desktop !== false
  const find = (id: string) => all.find((channel) => channel.id === id)

  async function look(channel: ConfiguredChannel): Promise<Found> {
    const seen = await examine(channel)
    found.set(channel.id, seen)
    const noticeId = `channel:${channel.id}`
    if (seen.available || !isEnabled(channel)) notices.withdraw(noticeId)
    else {
      notices.raise({
        id: noticeId,
        level: 'info',
        title: `${channel.kind.title} notifications do not work here`,
        message: `${asSentence(seen.problem ?? 'The reason is not known')} Alerts are kept in the inbox.`,
      })
    }
    return seen
  }

  async function examine({ kind }: ConfiguredChannel): Promise<Found> {
    try {
      return await kind.describe(ports)
    } catch (error) {
      ports.logger.error('a channel could not say whether it works', { channel: kind.kind, error })
      const problem = error instanceof Error ? error.message : String(error)
      return { available: false, mechanism: kind.title, problem }
    }
  }

  return {
    enabled: () => all.filter(isEnabled),
    problemOf({ id }) {
      const seen = found.get(id)
      return seen && !seen.available ? (seen.problem ?? 'It does not work here') : null
    },
    named(id) {
      const channel = find(id)
      if (channel) return channel
      const ids = all.map((one) => one.id).join(', ')
      throw new AppError('not-found', `Expected one of the channels ${ids}, got "${id.slice(0, 100)}".`)
    },
    kindOf: (id) => find(id)?.kind,
    configOf: (id) => find(id)?.config,
    views: () =>
      Promise.all(
        all.map(async (channel) => {
          const { available, mechanism, problem } = await look(channel)
          const last = await state.ask('delivery.lastOf', { channel: channel.id })
          const attempt = last?.attempts.at(-1)
          return {
            id: channel.id,
            kind: channel.kind.kind,
            title: channel.kind.title,
            enabled: isEnabled(channel),
            available,
            mechanism,
            problem,
            lastDelivery: attempt ? { at: attempt.at, ok: attempt.ok, answer: attempt.answer } : null,
          }
        }),
      ),
    async watch() {
      await Promise.all(all.map(look))
      return ports.timers.every(lookEveryMs, () => void Promise.all(all.map(look)))
    },
  }
}
