/**
 * The feed of walls. It listens to the console once, however many screens look on: what one page shows is put together
 * when it is asked for and something has changed, and everybody who asks for that page gets the same answer.
 */
import type { ConfigFile } from '#main/config/config-file.ts'
import type { Events } from '#main/events.ts'
import type { Clock, Timers } from '#main/ports.ts'
import type { AlertView } from '#shared/contract/alerts.ts'
import type { CheckHistory, CheckView } from '#shared/contract/checks.ts'
import { AppError } from '#shared/contract/errors.ts'
import {
  mostTiles,
  type Wall,
  type WallContent,
  type WallPage,
  type WallView,
  wallFeedMs,
} from '#shared/contract/walls.ts'
import { type AskMetrics, hostCharts, seriesChart } from './wall-charts.ts'
import {
  checksOfWall,
  countsOf,
  isAbnormal,
  matchingChecks,
  tileOf,
  uptimeRowOf,
  wallAlertOf,
  worstFirst,
} from './wall-tiles.ts'

export interface WallServiceOptions {
  readonly clock: Clock
  readonly timers: Timers
  readonly events: Events
  readonly config: Pick<ConfigFile, 'current' | 'onChange'>
  readonly version: string
  readonly hostname: string
  readonly checks: () => readonly CheckView[]
  readonly histories: (ids: readonly string[], buckets: number) => Promise<readonly CheckHistory[]>
  /** Firing, recovering and lately resolved ones. */
  readonly alerts: () => Promise<readonly AlertView[]>
  readonly metrics: AskMetrics
}

export interface WallService {
  list(): readonly Wall[]
  /** AppError `not-found`. */
  get(name: string): Wall
  view(name: string, page: number): Promise<WallView>
  /** Of a wall that need not be saved; shared with nobody. */
  preview(wall: Wall, page: number): Promise<WallView>
  close(): void
}

/** A burst of changes is told as one. */
const gatherMs = 250
/** History and charts move slowly, and cost the most. */
const slowForMs = 5000
const historyForMs = 60_000
const mostNews = 8
const mostAlerts = 10
const mostRows = 12
const barBuckets = 48
/** More pages than any console shows at once are not remembered. */
const mostRemembered = 200

export function createWallService(options: WallServiceOptions): WallService {
  const { clock, timers, events, config } = options
  let stirs = 0
  let edits = 0
  let observedAt: number | null = null
  let stopGathering: (() => void) | null = null
  const remember = rememberer(clock)

  const unsubscribe = events.subscribe((name, payload) => {
    // The payload's type follows from the name, which the compiler cannot see across the two parameters.
    if (name === 'metrics.advanced') observedAt = (payload as { at: number }).at
    else if (name === 'checks.changed' || name === 'checks.removed' || name === 'alerts.changed') stir()
  })
  let known = JSON.stringify(config.current().walls)
  const stopConfig = config.onChange(({ walls }) => {
    const next = JSON.stringify(walls)
    if (next === known) return
    known = next
    edits++
    events.emit('walls.changed', {})
    stir()
  })

  function stir() {
    stopGathering ??= timers.after(gatherMs, () => {
      stopGathering = null
      stirs++
      events.emit('walls.stirred', { at: clock.now() })
    })
  }

  function get(name: string): Wall {
    const wall = config.current().walls.find((candidate) => candidate.name === name)
    if (!wall) throw new AppError('not-found', `There is no wall named "${name}".`)
    return wall
  }

  async function show(wall: Wall, wanted: number): Promise<WallView> {
    const page = wanted < wall.pages.length ? wanted : 0
    const checks = options.checks()
    const [content, alerts] = await Promise.all([
      contentOf(wall.pages[page], checks),
      remember(`alerts ${stirs}`, slowForMs, options.alerts),
    ])
    const down = checksOfWall(checks, wall.pages).filter(({ state }) => state === 'down')
    return {
      wall,
      page,
      content,
      news: newsOf(alerts).slice(0, mostNews),
      broken: worstFirst(down)
        .slice(0, mostNews)
        .map((check) => tileOf(check, undefined)),
      at: clock.now(),
      observedAt: newestOf(checks, observedAt),
      version: options.version,
    }
  }

  async function contentOf(page: WallPage | undefined, checks: readonly CheckView[]): Promise<WallContent> {
    switch (page?.kind) {
      case 'checks': {
        const found = worstFirst(matchingChecks(checks, page))
        const tiles = found.slice(0, mostTiles)
        const rest = found.slice(mostTiles)
        const histories = await historiesOf(tiles)
        return {
          kind: 'checks',
          tiles: tiles.map((check) => tileOf(check, histories.get(check.id))),
          counts: countsOf(found),
          more: rest.length,
          moreAbnormal: rest.filter(isAbnormal).length,
        }
      }
      case 'uptime': {
        const found = worstFirst(matchingChecks(checks, page))
        const rows = found.slice(0, mostRows)
        const histories = await historiesOf(rows)
        return {
          kind: 'uptime',
          rows: rows.map((check) => uptimeRowOf(check, histories.get(check.id))),
          more: found.length - rows.length,
        }
      }
      case 'alerts': {
        const firing = newsOf(await remember(`alerts ${stirs}`, slowForMs, options.alerts)).filter(
          ({ state }) => state !== 'resolved',
        )
        return {
          kind: 'alerts',
          alerts: firing.slice(0, mostAlerts),
          more: Math.max(0, firing.length - mostAlerts),
        }
      }
      case 'host':
        return {
          kind: 'charts',
          note: options.hostname,
          charts: await remember('host', slowForMs, () => hostCharts(options.metrics, clock.now())),
        }
      case 'series': {
        const ask = () => seriesChart(options.metrics, page, clock.now())
        return { kind: 'charts', note: '', charts: [await remember(JSON.stringify(page), slowForMs, ask)] }
      }
      case 'clock':
      case undefined:
        return { kind: 'clock' }
    }
  }

  async function historiesOf(checks: readonly CheckView[]): Promise<ReadonlyMap<string, CheckHistory>> {
    const ids = checks.map(({ id }) => id).sort()
    if (ids.length === 0) return new Map()
    const histories = await remember(`histories ${ids.join(' ')}`, historyForMs, () =>
      options.histories(ids, barBuckets),
    )
    return new Map(histories.map((history) => [history.id, history]))
  }

  return {
    list: () => config.current().walls,
    get,
    async view(name, page) {
      const wall = get(name)
      return remember(`view ${name} ${page} ${stirs} ${edits}`, wallFeedMs / 2, () => show(wall, page))
    },
    preview: show,
    close() {
      unsubscribe()
      stopConfig()
      stopGathering?.()
    },
  }
}

/** Newest first, by when they fired or ended. */
function newsOf(alerts: readonly AlertView[]) {
  return alerts
    .map(wallAlertOf)
    .filter((alert) => alert !== null)
    .sort((a, b) => b.since - a.since)
}

function newestOf(checks: readonly CheckView[], sampleAt: number | null): number | null {
  const instants = checks.flatMap(({ last }) => (last ? [last.at] : []))
  if (sampleAt !== null) instants.push(sampleAt)
  return instants.length === 0 ? null : instants.reduce((newest, at) => Math.max(newest, at))
}

/** One answer for all who ask the same within `forMs`; a failure is not remembered. */
function rememberer(clock: Clock) {
  const answers = new Map<string, { readonly atMs: number; readonly answer: Promise<unknown> }>()
  return <T>(key: string, forMs: number, ask: () => Promise<T>): Promise<T> => {
    const nowMs = clock.monotonicMs()
    const remembered = answers.get(key)
    // A key holds answers of one question only, so the type is the asker's.
    if (remembered && nowMs - remembered.atMs < forMs) return remembered.answer as Promise<T>
    const answer = ask()
    answers.delete(key)
    answers.set(key, { atMs: nowMs, answer })
    for (const oldest of answers.keys()) {
      if (answers.size <= mostRemembered) break
      answers.delete(oldest)
    }
    answer.catch(() => {
      if (answers.get(key)?.answer === answer) answers.delete(key)
    })
    return answer
  }
}
