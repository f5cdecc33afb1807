/**
 * Watches this machine's own link, so that its loss is told once and as our own trouble, and not as that of every target
 * behind it. References (the gateway and a few more) are asked in rounds: at once when somebody doubts the link, again
 * and again while it is gone, and otherwise so seldom that nobody minds. Knows nothing of checks.
 */
import { hostname, networkInterfaces } from 'node:os'
import type { MetricStore } from '#main/metrics/metric-store.ts'
import type { Notices } from '#main/notices.ts'
import type { Clock, Logger, Timers } from '#main/ports.ts'
import type { UplinkSettings } from '#shared/config/schema.ts'
import { humanizeDuration } from '#shared/domain/humanize.ts'
import { type ReferenceAnswer, type UplinkVerdict, uplinkVerdict, votesOf } from '#shared/domain/uplink-verdict.ts'
import { type AskReference, askReferences, type Reference } from './ask-reference.ts'
import { defaultGateway, type Gateway, systemRoutes } from './default-gateway.ts'
import { type Nearness, nearnessOf } from './nearness.ts'

export interface UplinkGuard {
  /** Where a host is, as far as it is known without asking anybody. */
  nearnessOf(host: string): Nearness
  /** The address a name was last reached at. */
  noteAddress(name: string, address: string): void
  /** A target beyond the gateway answered. */
  noteAnswer(): void
  /** Whether the link is known to have been gone at any time since then (monotonic ms), without asking anybody. */
  wasLostSince(sinceMs: number): boolean
  /**
   * The same, when it matters: a round is asked for that begins after this call, and waited for. False when the guard is
   * switched off or cannot tell. Never rejects.
   */
  confirmLostSince(sinceMs: number): Promise<boolean>
  /** True while the gateway answers or is not known. */
  hasNeighbours(): boolean
  /** Called with each end of a loss. Returns what ends it. */
  onBack(listener: () => void): () => void
  close(): void
}

export interface UplinkGuardOptions {
  readonly clock: Clock
  readonly timers: Timers
  readonly logger: Logger
  readonly notices: Notices
  readonly metrics: Pick<MetricStore, 'series' | 'append'>
  readonly settings: () => UplinkSettings
  /** For tests; the system's by default. */
  readonly ask?: AskReference
  readonly findGateway?: (signal: AbortSignal) => Promise<Gateway | null>
}

/** A round is over by then; what has not answered is silent. */
const roundMs = 2000
/** Between the beginnings of two rounds: while the link is gone, and however many doubt it. */
const pauseMs = 2000
/** Nobody doubts: often enough to know which references answer at all. */
const baselineMs = 300_000
/** A route changes seldom, but then for good. */
const gatewayAgeMs = 30_000
/** The gateway's name service: most have one, and those that have not refuse, which is an answer too. */
const gatewayPort = 53
/** Queries look back five minutes: the series is told again well before. */
const sampleEveryMs = 15_000
/** So long the end of a loss is shown. */
const backShownMs = 600_000
const mostLosses = 50
const mostAddresses = 20_000
const noticeId = 'uplink'

interface Loss {
  readonly fromAt: number
  readonly fromMs: number
  /** Infinity while it lasts. */
  toMs: number
}

export function watchUplink(options: UplinkGuardOptions): UplinkGuard {
  const { clock, timers, logger, notices, metrics, settings } = options
  const ask = options.ask ?? askReferences(timers)
  const findGateway = options.findGateway ?? ((signal) => defaultGateway(systemRoutes, signal))
  const closing = new AbortController()
  const answeredBefore = new Set<string>()
  const addresses = new Map<string, string>()
  const listeners = new Set<() => void>()
  let losses: Loss[] = []
  let gateway: { readonly found: Gateway | null; readonly atMs: number } | null = null
  let gatewayAnswers = true
  let remoteAnswered = false
  let verdict: UplinkVerdict = 'unsure'
  let running: Promise<void> | null = null
  /** The round that has not begun yet: all who ask meanwhile share it. */
  let next: Promise<void> | null = null
  let begunMs = Number.NEGATIVE_INFINITY
  let stopNext = () => {}
  let stopShowing = () => {}
  const stopBaseline = timers.every(baselineMs, () => {
    if (settings().enabled && remoteAnswered) void round()
  })
  const stopSamples = timers.every(sampleEveryMs, sample)

  const present = () => {
    const last = losses.at(-1)
    return last?.toMs === Number.POSITIVE_INFINITY ? last : null
  }
  const wasLostSince = (sinceMs: number) => settings().enabled && losses.some(({ toMs }) => toMs >= sinceMs)

  /** A round that begins after this call. */
  function round(): Promise<void> {
    next ??= begin()
    return next
  }

  async function begin(): Promise<void> {
    await running
    await pause(pauseMs - (clock.monotonicMs() - begunMs))
    next = null
    if (closing.signal.aborted) return
    begunMs = clock.monotonicMs()
    running = askAll()
    await running
  }

  function pause(delayMs: number): Promise<void> {
    if (delayMs <= 0) return Promise.resolve()
    return new Promise((resolve) => {
      const stop = timers.after(delayMs, resolve)
      stopNext = () => {
        stop()
        resolve()
      }
    })
  }

  async function askAll(): Promise<void> {
    const references = await referencesNow()
    const answers = new Map<string, boolean>()
    const judged = () => references.map((one) => answerOf(one, answers.get(one.name) ?? false))
    await new Promise<void>((decided) => {
      const asked = references.map(async (reference) => {
        const answered = await ask(reference, roundMs)
        if (answered) answeredBefore.add(reference.name)
        if (reference.isGateway) gatewayAnswers = answered
        answers.set(reference.name, answered)
        // With those still asked counted as silent, more answers cannot change this.
        if (answered && uplinkVerdict(judged(), remoteAnswered) === 'here') decided()
      })
      closing.signal.addEventListener('abort', () => decided(), { once: true })
      void Promise.all(asked).then(() => decided())
    })
    if (!closing.signal.aborted) conclude(judged())
  }

  async function referencesNow(): Promise<Reference[]> {
    const found = await gatewayNow()
    // Without any route out, that silence has its vote too.
    const way = { host: found?.address ?? '', port: gatewayPort, isGateway: true }
    const name = found === null ? 'the default gateway (there is none)' : `${found.address} (gateway)`
    const others = settings().references.map((text) => {
      const { host, port } = hostPortOf(text)
      return { name: text, host, port, isGateway: false }
    })
    return [...(found === null && !answeredBeforeByGateway() ? [] : [{ ...way, name }]), ...others]
  }

  const answeredBeforeByGateway = () => [...answeredBefore].some((name) => name.endsWith(gatewayMark))

  async function gatewayNow(): Promise<Gateway | null> {
    if (gateway !== null && clock.monotonicMs() - gateway.atMs < gatewayAgeMs && present() === null)
      return gateway.found
    try {
      gateway = { found: await findGateway(closing.signal), atMs: clock.monotonicMs() }
    } catch (error) {
      if (gateway === null) logger.warn('the default gateway could not be found out', { error })
      gateway = { found: gateway?.found ?? null, atMs: clock.monotonicMs() }
    }
    return gateway.found
  }

  function answerOf({ name, isGateway }: Reference, answered: boolean): ReferenceAnswer {
    const hasAnsweredBefore = isGateway ? answeredBeforeByGateway() : answeredBefore.has(name)
    return { name, answered, hasAnsweredBefore }
  }

  function conclude(answers: readonly ReferenceAnswer[]): void {
    const before = verdict
    verdict = settings().enabled ? uplinkVerdict(answers, remoteAnswered) : 'unsure'
    const loss = present()
    if (verdict === 'lost') {
      if (loss === null) lost(answers)
      void round()
    } else if (loss !== null) back(loss)
    if (verdict !== before) sample()
  }

  function lost(answers: readonly ReferenceAnswer[]): void {
    const silent = votesOf(answers, remoteAnswered)
      .filter(({ answered }) => !answered)
      .map(({ name }) => name)
    losses = [...losses, { fromAt: clock.now(), fromMs: clock.monotonicMs(), toMs: Number.POSITIVE_INFINITY }].slice(
      -mostLosses,
    )
    stopShowing()
    notices.raise({
      id: noticeId,
      level: 'error',
      title: 'This machine has lost its network',
      message: `No answer from ${silent.join(', ')}. What lies beyond is unknown until the network is back, and no alert comes of it; what is on this machine is watched as before. Look at its cable, Wi-Fi or router.`,
    })
  }

  function back(loss: Loss): void {
    loss.toMs = clock.monotonicMs()
    const lengthMs = loss.toMs - loss.fromMs
    logger.info('the network of this machine is back', { lostFor: inWords(lengthMs) })
    // The same notice, so that it is one story; its beginning stays.
    notices.raise({
      id: noticeId,
      level: 'info',
      title: 'This machine has its network back',
      message: `It was gone for ${inWords(lengthMs)}. What lies beyond it was not watched in that time and is accounted as unknown.`,
    })
    stopShowing = timers.after(backShownMs, () => notices.withdraw(noticeId))
    for (const listener of listeners) listener()
  }

  /** `belfry_uplink_up`: 1 or 0; no sample while nobody can tell. */
  function sample(): void {
    if (verdict === 'unsure' || !settings().enabled) return
    const handle = metrics.series('belfry_uplink_up', {})
    if (handle !== undefined) metrics.append(clock.now(), [[handle, verdict === 'here' ? 1 : 0]])
  }

  return {
    nearnessOf: (host) =>
      nearnessOf(host, networkInterfaces(), gateway?.found?.device ?? null, hostname(), (name) => {
        return addresses.get(name) ?? null
      }),
    noteAddress(name, address) {
      if (addresses.size >= mostAddresses) addresses.clear()
      addresses.set(name.toLowerCase(), address)
    },
    noteAnswer() {
      if (remoteAnswered) return
      remoteAnswered = true
      // From now on it is known who answers at all.
      if (settings().enabled) void round()
    },
    wasLostSince,
    async confirmLostSince(sinceMs) {
      if (!settings().enabled) return false
      if (wasLostSince(sinceMs)) return true
      await round()
      return wasLostSince(sinceMs)
    },
    hasNeighbours: () => gatewayAnswers,
    onBack(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    close() {
      closing.abort()
      stopBaseline()
      stopSamples()
      stopShowing()
      stopNext()
    },
  }
}

const gatewayMark = '(gateway)'

const inWords = (durationMs: number) => humanizeDuration(Math.max(1, Math.round(durationMs / 1000)))

/** Both parts are known to be there: the configuration takes nothing else. */
function hostPortOf(text: string): { host: string; port: number } {
  const colon = text.lastIndexOf(':')
  return { host: text.slice(0, colon).replace(/^\[|\]$/g, ''), port: Number(text.slice(colon + 1)) }
}
