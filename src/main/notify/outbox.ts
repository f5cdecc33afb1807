/**
 * Messages on their way. Their rows are part of the unit of work that made them necessary; from there each is claimed
 * (durably, so that a crash leaves a trace), sent with a deadline, and tried again with backoff until it is delivered,
 * refused for good, or a day old. What was being sent when Belfry died is sent again, with the same key, only where the
 * other side recognises the key or the alert is critical. One process owns the data directory, so a claim needs no lease.
 */
import type { Events } from '#main/events.ts'
import type { Notices } from '#main/notices.ts'
import type { Ports } from '#main/ports.ts'
import { atPace, type Pace } from '#main/rules/pace.ts'
import type { StoredDelivery } from '#main/store/families/outbox.ts'
import type { StateStore, Write } from '#main/store/state-store.ts'
import type { Delivery } from '#shared/contract/alerts.ts'
import { retryDelayMs } from '#shared/domain/backoff.ts'
import type { SendingChannelKind, SendResult } from './channel.ts'
import { digestOf } from './digest.ts'
import type { Ledger } from './ledger.ts'
import { Message } from './message.ts'
import type { Channels, ConfiguredChannel } from './open-channels.ts'
import { asSentence } from './sentence.ts'

const sendWithinMs = 10_000
const givenUpAfterMs = 24 * 3_600_000
/** What is being sent when Belfry closes gets this long to end well. */
const closeWithinMs = 2000

interface Posting {
  /** To be committed with what the messages speak of. */
  readonly writes: readonly Write[]
  /** Channels that were left out because they do not work here: title and why. */
  readonly leftOut: readonly { readonly channel: string; readonly problem: string }[]
  /** To be called once the writes are durable: tells subscribers and begins to send. */
  release(pace: Pace): Promise<void>
}

export interface Outbox {
  post(messages: readonly Message[], pace: Pace): Promise<Posting>
  /** One message through one channel; resolves after the first attempt. */
  send(message: Message, channel: ConfiguredChannel): Promise<Delivery>
  /** Takes up what was under way when Belfry stopped. */
  start(): Promise<void>
  close(): Promise<void>
}

interface OutboxOptions {
  readonly ports: Ports
  readonly state: StateStore
  readonly ledger: Ledger
  readonly events: Events
  readonly notices: Notices
  readonly channels: Channels
  /** After each attempt, with its instant. */
  readonly onAttempt: (delivery: Delivery, at: number) => void
}

interface Open {
  delivery: Delivery
  readonly message: Message
  readonly kind: SendingChannelKind
  /** Told after each attempt. */
  readonly onAttempt: ((delivery: Delivery) => void) | null
}

export function createOutbox(options: OutboxOptions): Outbox {
  const { ports, state, ledger, events, notices, channels } = options
  const { clock, timers, ids, random, logger } = ports
  const waiting = new Map<string, Open[]>()
  const sending = new Set<Promise<void>>()
  const underWay = new Map<string, number>()
  const stopTimers = new Set<() => void>()
  const closing = new AbortController()
  let isClosed = false

  async function post(messages: readonly Message[], pace: Pace): Promise<Posting> {
    const writes: Write[] = []
    const releases: (() => void)[] = []
    const leftOut: { channel: string; problem: string }[] = []
    for (const channel of messages.length > 0 ? channels.enabled() : []) {
      const problem = channels.problemOf(channel)
      if (problem !== null) {
        leftOut.push({ channel: channel.kind.title, problem })
        continue
      }
      await atPace(forChannel(channel, messages), pace, (message) => {
        const prepared = prepare(message, channel, null)
        writes.push(...prepared.writes)
        releases.push(prepared.release)
      })
    }
    return { writes, leftOut, release: (releasePace) => atPace(releases, releasePace, (release) => release()) }
  }

  function forChannel({ kind }: ConfiguredChannel, messages: readonly Message[]): readonly Message[] {
    if (!('send' in kind) || kind.mostAtOnce === null || messages.length <= kind.mostAtOnce) return messages
    return [digestOf(messages, ids.next())]
  }

  function prepare(message: Message, channel: ConfiguredChannel, onAttempt: Open['onAttempt']) {
    const { kind } = channel
    const { key, alertId, event, title } = message
    const now = clock.now()
    const base = { id: ids.next(), key, alertId, channel: channel.id, event, title, createdAt: now }
    if ('send' in kind) {
      const delivery: Delivery = { ...base, state: 'queued', nextAttemptAt: now, attempts: [] }
      const release = () => {
        events.emit('deliveries.changed', delivery)
        enqueue({ delivery, message, kind, onAttempt })
      }
      return { writes: [rowOf(delivery, message)], release }
    }
    const attempts = [{ at: now, durationMs: 0, ok: true, answer: 'Kept.' }]
    const delivery: Delivery = { ...base, state: 'delivered', nextAttemptAt: null, attempts }
    const stored = kind.store(message, base.id)
    const release = () => {
      events.emit('deliveries.changed', delivery)
      stored.announce(events)
      onAttempt?.(delivery)
    }
    return { writes: [rowOf(delivery, message), stored.write], release }
  }

  function enqueue(open: Open): void {
    if (isClosed) return
    const dueInMs = (open.delivery.nextAttemptAt ?? 0) - clock.now()
    if (dueInMs > 0) {
      const stop = timers.after(dueInMs, () => {
        stopTimers.delete(stop)
        enqueue(open)
      })
      stopTimers.add(stop)
      return
    }
    const { channel } = open.delivery
    const queue = waiting.get(channel) ?? []
    queue.push(open)
    waiting.set(channel, queue)
    sendNext(channel)
  }

  function sendNext(channel: string): void {
    const queue = waiting.get(channel) ?? []
    const next = queue[0]
    const busy = underWay.get(channel) ?? 0
    if (!next || busy >= next.kind.concurrency || isClosed) return
    queue.shift()
    underWay.set(channel, busy + 1)
    const done = attempt(next)
      .catch((error: unknown) => logger.error('a delivery failed unexpectedly', { delivery: next.delivery.id, error }))
      .finally(() => {
        underWay.set(channel, (underWay.get(channel) ?? 1) - 1)
        sending.delete(done)
        sendNext(channel)
      })
    sending.add(done)
    sendNext(channel)
  }

  async function attempt(open: Open): Promise<void> {
    await save(open, { ...open.delivery, state: 'sending' })
    const at = clock.now()
    const startedMs = clock.monotonicMs()
    const result = await sendInTime(open)
    const { ok, answer } = result
    const attempts = [...open.delivery.attempts, { at, durationMs: clock.monotonicMs() - startedMs, ok, answer }]
    const { state: next, nextAttemptAt } = afterAttempt(open.delivery, result, attempts.length)
    await save(open, { ...open.delivery, attempts, state: next, nextAttemptAt })
    options.onAttempt(open.delivery, clock.now())
    tellOf(open, answer)
    open.onAttempt?.(open.delivery)
    if (next === 'retrying') enqueue(open)
  }

  function afterAttempt(
    delivery: Delivery,
    result: SendResult,
    attempts: number,
  ): Pick<Delivery, 'state' | 'nextAttemptAt'> {
    if (result.ok) return { state: 'delivered', nextAttemptAt: null }
    const nextAttemptAt = clock.now() + retryDelayMs(attempts, random.next(), result.retryAfterMs)
    // A test answers whoever asked; nobody waits for it a day later.
    const dead = !result.retry || delivery.event === 'test' || nextAttemptAt - delivery.createdAt > givenUpAfterMs
    return dead ? { state: 'dead', nextAttemptAt: null } : { state: 'retrying', nextAttemptAt }
  }

  /** A channel that does not come back by the deadline has failed, whether it heeds the signal or not. */
  async function sendInTime({ message, kind, delivery }: Open): Promise<SendResult> {
    const controller = new AbortController()
    let stop = () => {}
    let abort = () => {}
    const late = new Promise<SendResult>((resolve) => {
      const end = (answer: string) => {
        resolve({ ok: false, answer, retry: true, retryAfterMs: null })
        controller.abort()
      }
      stop = timers.after(sendWithinMs, () => end(`There was no answer within ${sendWithinMs / 1000} s.`))
      abort = () => end('Belfry was closed before an answer came.')
      closing.signal.addEventListener('abort', abort, { once: true })
    })
    try {
      const config = channels.configOf(delivery.channel)
      return await Promise.race([kind.send(message, config, ports, controller.signal), late])
    } catch (error) {
      logger.error('a channel failed unexpectedly', { channel: delivery.channel, error })
      const answer = `Unexpected failure: ${error instanceof Error ? error.message : String(error)}`
      return { ok: false, answer, retry: true, retryAfterMs: null }
    } finally {
      stop()
      closing.signal.removeEventListener('abort', abort)
    }
  }

  async function save(open: Open, delivery: Delivery): Promise<void> {
    open.delivery = delivery
    await ledger.commit([['delivery.update', delivery]])
    events.emit('deliveries.changed', delivery)
  }

  function tellOf({ delivery, kind }: Open, answer: string): void {
    const noticeId = `delivery:${delivery.channel}`
    if (delivery.state === 'delivered') notices.withdraw(noticeId)
    if (delivery.state !== 'dead' || delivery.event === 'test') return
    notices.raise({
      id: noticeId,
      level: 'error',
      title: 'A notification could not be delivered',
      message: `"${delivery.title}" did not get through (${kind.title}): ${asSentence(answer)} It is in the inbox.`,
    })
  }

  /** What to do with a delivery found at the start. */
  async function resume(row: StoredDelivery): Promise<void> {
    const { message: text, ...delivery } = row
    const message = readMessage(text)
    const kind = channels.kindOf(delivery.channel)
    const at = clock.now()
    const ended = (answer: string): Delivery => ({
      ...delivery,
      state: 'dead',
      nextAttemptAt: null,
      attempts: [...delivery.attempts, { at, durationMs: 0, ok: false, answer }],
    })
    if (!message) return ledger.commit([['delivery.update', ended('The message could not be read any more.')]])
    if (!kind || !('send' in kind)) {
      return ledger.commit([['delivery.update', ended(`There is no channel named "${delivery.channel}" any more.`)]])
    }
    const open: Open = { delivery, message, kind, onAttempt: null }
    if (delivery.state !== 'sending') return enqueue(open)
    if (!kind.deduplicates && message.severity !== 'critical') {
      return save(open, ended('Belfry stopped while this was being sent. It may have arrived and is not sent again.'))
    }
    const answer = 'Belfry stopped while this was being sent. It is sent again with the same key.'
    const attempts = [...delivery.attempts, { at, durationMs: 0, ok: false, answer }]
    await save(open, { ...delivery, state: 'retrying', nextAttemptAt: at, attempts })
    enqueue(open)
  }

  return {
    post,
    async send(message, channel) {
      return new Promise((resolve, reject) => {
        const prepared = prepare(message, channel, resolve)
        ledger.commitNow(prepared.writes).then(prepared.release, reject)
      })
    },
    async start() {
      for (const row of await state.ask('delivery.open', {})) await resume(row)
    },
    async close() {
      isClosed = true
      for (const stop of stopTimers) stop()
      stopTimers.clear()
      const stopWaiting = timers.after(closeWithinMs, () => closing.abort())
      waiting.clear()
      await Promise.all(sending)
      stopWaiting()
      closing.abort()
    },
  }
}

function rowOf(delivery: Delivery, message: Message): Write {
  return ['delivery.add', [{ ...delivery, message: JSON.stringify(message) }]]
}

/** Null for what the database should not hold. */
function readMessage(text: string): Message | null {
  try {
    return Message.parse(JSON.parse(text))
  } catch {
    return null
  }
}
