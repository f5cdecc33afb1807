/**
 * Whether Belfry itself is well: asks every component, in parallel and each within a deadline, and reports the worst. A
 * component that does not answer is unhealthy; who asks never waits longer than the deadline. Changes of state are
 * announced, and nothing else is.
 */
import type { Events } from '#main/events.ts'
import type { Clock, Logger, Timers } from '#main/ports.ts'
import type { ComponentHealth, ConsoleHealth } from '#shared/contract/console.ts'

/** One part of the console, and how to find out whether it is well. */
export interface HealthComponent {
  /** A short name in lower case, as routes and screens show it. */
  readonly name: string
  /** Whether Belfry cannot do its work without it: decides readiness. */
  readonly critical: boolean
  /** What is compared, in words, such as `free space >= 1 GiB`; null when it is a plain yes or no. */
  readonly threshold: string | null
  /** A throw counts as unhealthy, with the error's message. */
  probe(signal: AbortSignal): Finding | Promise<Finding>
}

export interface Finding {
  readonly status: ComponentHealth['status']
  readonly message: string
  /** What to do, when it is not healthy. */
  readonly hint?: string
}

export interface Health {
  /** Probes, or joins a probing in progress, or repeats an answer younger than a second. Never rejects. */
  check(): Promise<ConsoleHealth>
  /** Looks regularly and emits `console.healthChanged` when a component's status changed. Returns what stops it. */
  watch(): () => void
}

export interface HealthOptions {
  readonly clock: Clock
  readonly timers: Timers
  readonly logger: Logger
  readonly events: Events
  readonly components: readonly HealthComponent[]
}

const probeDeadlineMs = 2000
const watchEveryMs = 15_000
/** /health needs no token: however often it is asked, components are not. */
const answerAgeMs = 1000

export function createHealth({ clock, timers, logger, events, components }: HealthOptions): Health {
  let last: { readonly health: ConsoleHealth; readonly atMs: number } | null = null
  let probing: Promise<ConsoleHealth> | null = null
  let announced: ConsoleHealth | null = null

  async function probeAll(): Promise<ConsoleHealth> {
    const found = await Promise.all(components.map((component) => probeOne(component, clock, timers)))
    const health = { status: worstOf(found), at: clock.now(), components: found }
    last = { health, atMs: clock.monotonicMs() }
    announce(health)
    return health
  }

  function announce(health: ConsoleHealth): void {
    const changed = health.components.filter((component, index) => component.status !== statusIn(announced, index))
    if (changed.length === 0) return
    const isFirst = announced === null
    announced = health
    for (const { name, status, message } of changed) {
      if (status !== 'healthy') logger.warn('component is not well', { component: name, status, detail: message })
      else if (!isFirst) logger.info('component is well again', { component: name })
    }
    events.emit('console.healthChanged', health)
  }

  function check(): Promise<ConsoleHealth> {
    if (last !== null && clock.monotonicMs() - last.atMs < answerAgeMs) return Promise.resolve(last.health)
    probing ??= probeAll().finally(() => {
      probing = null
    })
    return probing
  }

  return { check, watch: () => timers.every(watchEveryMs, () => void check()) }
}

async function probeOne(component: HealthComponent, clock: Clock, timers: Timers): Promise<ComponentHealth> {
  const { name, critical, threshold } = component
  const startedMs = clock.monotonicMs()
  const finding = await withDeadline(component, timers)
  const responseTimeMs = clock.monotonicMs() - startedMs
  const { status, message, hint = null } = finding
  return { name, critical, threshold, status, message, responseTimeMs, hint: status === 'healthy' ? null : hint }
}

function withDeadline(component: HealthComponent, timers: Timers): Promise<Finding> {
  return new Promise((resolve) => {
    const abort = new AbortController()
    const stop = timers.after(probeDeadlineMs, () => {
      abort.abort()
      resolve({
        status: 'unhealthy',
        message: `It did not answer within ${probeDeadlineMs / 1000} s.`,
        hint: 'Look into the log; if it stays so, restart Belfry.',
      })
    })
    Promise.resolve()
      .then(() => component.probe(abort.signal))
      .catch(failed)
      .then(resolve)
      .finally(stop)
  })
}

function failed(error: unknown): Finding {
  return {
    status: 'unhealthy',
    message: error instanceof Error ? error.message : String(error),
    hint: 'Look into the log for the cause.',
  }
}

const order = ['healthy', 'degraded', 'unhealthy'] as const

/** Healthy when there is nothing to be ill. */
function worstOf(components: readonly { readonly status: ComponentHealth['status'] }[]): ComponentHealth['status'] {
  const worst = Math.max(0, ...components.map(({ status }) => order.indexOf(status)))
  return order[worst] ?? 'healthy'
}

function statusIn(health: ConsoleHealth | null, index: number): ComponentHealth['status'] | undefined {
  return health?.components[index]?.status
}
