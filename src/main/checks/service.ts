/**
 * Checks as the rest of Belfry knows them: configured in belfry.yaml, watched by the observer, remembered by the store,
 * told as views, results and timelines.
 */
import { join } from 'node:path'
import type { ConfigFile, ConfiguredCheck } from '#main/config/config-file.ts'
import {
  defaultsOf,
  schemaOf,
  withoutGroupSecrets,
  withoutSecretValues,
  withStoredSecrets,
} from '#main/config/entry-secrets.ts'
import { referencesIn } from '#main/config/references.ts'
import type { Events } from '#main/events.ts'
import type { MetricStore } from '#main/metrics/metric-store.ts'
import type { Notices } from '#main/notices.ts'
import type { Ports } from '#main/ports.ts'
import type { StateStore } from '#main/store/state-store.ts'
import type { UplinkGuard } from '#main/uplink/uplink-guard.ts'
import {
  CheckDraft,
  type CheckFilter,
  type CheckGroupView,
  type CheckHistory,
  type CheckKindView,
  type CheckResult,
  type ChecksChange,
  type CheckView,
} from '#shared/contract/checks.ts'
import type { AbortSignalLike, HandlerInput, Role } from '#shared/contract/define.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { BelfryContract, InputOf, OutputOf } from '#shared/contract/index.ts'
import type { WatchedCheck } from '#shared/domain/absence.ts'
import type { Window } from '#shared/domain/timeline.ts'
import { fitsFilter } from './check-filter.ts'
import { createCheckHistories } from './check-histories.ts'
import { guessDraft } from './guess.ts'
import type { Ping } from './heartbeat/ping.ts'
import { createPingBook, type PingDoor } from './heartbeat/ping-book.ts'
import { createJournal } from './journal.ts'
import type { CheckKind } from './kind.ts'
import { checkKinds } from './kinds/index.ts'
import type { LatenessTold } from './lateness.ts'
import { type LatenessGauges, startLatenessGauges } from './lateness-gauges.ts'
import { createObserver } from './observer.ts'
import { createPictureStore, startPictureRetention } from './pictures.ts'
import { kindNamed, type ReadyCheck, readyCheck } from './ready-check.ts'
import { createResultGate } from './result-gate.ts'
import { parsePosition, positionText } from './result-position.ts'
import { startResultRetention } from './result-retention.ts'
import { runProbe } from './runner.ts'
import { parseRemembered, type RememberedCheck } from './stored-state.ts'

export interface CheckServiceOptions {
  readonly ports: Ports
  readonly state: StateStore
  readonly metrics: MetricStore
  readonly config: ConfigFile
  readonly events: Events
  readonly notices: Notices
  /** A check's state was confirmed, is durable, and `belfry_check_state` shows it. */
  readonly onStateChange?: (checkId: string) => void
  readonly kinds?: readonly CheckKind[]
  /** Null, as by default: this machine's own link is not watched. */
  readonly uplink?: UplinkGuard | null
  /** Where pictures that probes take are kept. */
  readonly dataDir: string
  /** Probes that may be under way at once; each holds a socket. */
  readonly maxConcurrent?: number
}

export interface CheckService {
  kinds(): CheckKindView[]
  list(): CheckView[]
  /** Throws AppError `not-found`, as all that take an id. */
  get(id: string): CheckView
  /** Secrets are replaced by a mark. */
  definition(id: string): CheckDraft
  /** Throws AppError `invalid` when no kind recognises the text. */
  guess(text: string): CheckDraft
  /** `before`: what the change began with; rejects with AppError `conflict` when the check is another by now. */
  /** The least role that may write or try a check of this kind. */
  roleOf(kind: string): Role
  save(id: string | null, draft: CheckDraft, before?: CheckDraft | null): Promise<CheckView>
  remove(id: string): Promise<{ id: string; draft: CheckDraft }>
  setEnabled(ids: readonly string[], enabled: boolean): Promise<CheckView[]>
  /** Ids of the checks that fit. */
  matching(filter: CheckFilter): string[]
  editMany(ids: readonly string[], change: ChecksChange): Promise<CheckView[]>
  groups(): CheckGroupView[]
  /** References in a value that the check does not have yet, as they are written. */
  newReferences(id: string | null, value: CheckDraft | ChecksChange): string[]
  /** A draft with the secrets that a screen sent a mark for. */
  whole(id: string | null, draft: CheckDraft): CheckDraft
  run(id: string): Promise<CheckResult>
  try(draft: CheckDraft, id: string | null, signal: AbortSignalLike): Promise<CheckResult>
  histories(ids: readonly string[], buckets: number): Promise<CheckHistory[]>
  /** Of every check that is watched, over a window that ends now at the latest. */
  timelines(window: Window): Promise<WatchedCheck[]>
  timeline(input: InputOf<'checks.timeline'>): Promise<OutputOf<'checks.timeline'>>
  results(input: HandlerInput<BelfryContract['calls']['checks.results']>): Promise<OutputOf<'checks.results'>>
  /** What listeners hand pings of jobs to. */
  readonly pings: PingDoor
  /** The address jobs ping; null while nothing listens. */
  pingUrl(): string | null
  /** What a job told, newest first; null where a check is not of a kind that is told. */
  pingsOf(id: string): Promise<readonly Ping[] | null>
  /** A picture that evidence names. AppError `not-found` when it was given up. */
  picture(name: string): Promise<Uint8Array>
  /** A draft's options from another tool's recording. AppError `invalid`. */
  import(kind: string, text: string): { config: CheckDraft['config']; leftOut: string[] }
  /** How late runs began in the last minute; null when there were none. */
  lateness(): LatenessTold | null
  /** Runs few checks at once while memory is short. */
  relieve(isShort: boolean): void
  /** Resumes what is remembered and begins to probe. */
  start(): Promise<void>
  /** Ends probing; what was seen is durable when it resolves. */
  close(): Promise<void>
}

const defaultMaxConcurrent = 1000
/** What probes hold in memory is the answers they are reading. */
const fewAtOnce = 20
const tellMs = 250
/** As many of a job's pings are told. */
const pingsShown = 30

export function createCheckService(options: CheckServiceOptions): CheckService {
  const { ports, state: store, metrics, config, events, notices, kinds = checkKinds } = options
  const { clock, timers, logger } = ports
  /** Read once per entry of the file: an edit of one check leaves the others the same objects. */
  const readyOnes = new WeakMap<ConfiguredCheck, ReadyCheck>()
  /** Removed by a screen, in case it wants them back with their secrets. */
  const removedDrafts = new Map<string, CheckDraft>()
  const changed = new Set<string>()
  const stops: (() => void)[] = []
  let stopTelling: (() => void) | null = null
  let gauges: LatenessGauges | null = null

  const journal = createJournal(ports, store, notices)
  const uplink = options.uplink ?? null
  const gate = createResultGate({ clock, timers, notices, uplink })
  const pictures = createPictureStore(join(options.dataDir, 'pictures'))
  const checksByPingId = new Map<string, string[]>()
  const pings = createPingBook(ports, store, (pingId) => {
    for (const id of checksByPingId.get(pingId) ?? []) observer.told(id)
  })
  /** Without a network of our own no ping can come: silence begins to count when it is back. */
  const heard = {
    of: pings.of,
    listeningSince: () =>
      uplink?.wasLostSince(clock.monotonicMs()) && pings.listeningSince() !== null
        ? clock.now()
        : pings.listeningSince(),
  }
  const probePorts = { ...ports, pings: heard, pictures }
  const observer = createObserver({
    ports: probePorts,
    onGap: pings.missedUntil,
    metrics,
    journal,
    gate,
    maxConcurrent: options.maxConcurrent ?? defaultMaxConcurrent,
    onChanged(id) {
      changed.add(id)
      stopTelling ??= timers.after(tellMs, tell)
    },
    onStateChange: (id) => options.onStateChange?.(id),
  })
  const histories = createCheckHistories(store, metrics, journal, (id) => observer.remembered(id).state)

  function tell() {
    stopTelling = null
    for (const id of changed) {
      const view = observer.view(id)
      if (view !== null) events.emit('checks.changed', view)
    }
    changed.clear()
  }

  /** Makes what is watched what the file says; a check that cannot be used is named and left out. */
  function adopt() {
    const before = new Set(observer.ids())
    const ready = config.current().checks.flatMap((configured) => usable(configured))
    expectPings(ready)
    observer.watch(ready)
    for (const { id } of ready) before.delete(id)
    for (const id of before) events.emit('checks.removed', { id })
  }

  function networkBack() {
    pings.missedUntil(clock.now())
    observer.lookAgain('uplink')
  }

  function expectPings(ready: readonly ReadyCheck[]) {
    checksByPingId.clear()
    for (const { id, kind, config } of ready) {
      const pingId = kind.pingId?.(config)
      if (pingId !== undefined) checksByPingId.set(pingId, [...(checksByPingId.get(pingId) ?? []), id])
    }
    pings.expect(new Set(checksByPingId.keys()))
  }

  function usable(configured: ConfiguredCheck): ReadyCheck[] {
    const known = readyOnes.get(configured)
    if (known !== undefined && known.kind.needs === undefined) return [known]
    const noticeId = `checks.unusable.${configured.id}`
    try {
      const ready = switchedOn(known ?? readyCheck(configured, kinds))
      readyOnes.set(configured, ready)
      notices.withdraw(noticeId)
      return [ready]
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      const title = `The check "${configured.draft.name}" is left out`
      notices.raise({
        id: noticeId,
        level: 'error',
        title,
        message: error.message,
        source: { file: config.path, line: null },
      })
      return []
    }
  }

  function isSwitchedOn({ needs }: CheckKind): boolean {
    return needs === undefined || config.current()[needs].enabled
  }

  /** Throws AppError `invalid` while belfry.yaml does not allow such checks. */
  function switchedOn(check: ReadyCheck): ReadyCheck {
    const { title, kind, needs } = check.kind
    if (isSwitchedOn(check.kind)) return check
    const message = `expected "${needs}: { enabled: true }" in belfry.yaml, for checks of the kind ${kind} are off until it says so`
    throw new AppError('invalid', `${title} checks are switched off: ${message}.`, [{ path: 'kind', message }])
  }

  function known(id: string): ReadyCheck {
    const check = observer.check(id)
    if (check === null) throw new AppError('not-found', `There is no check "${id}".`)
    return check
  }

  function viewed(id: string): CheckView {
    const view = observer.view(id)
    if (view === null) throw new AppError('not-found', `There is no check "${id}".`)
    return view
  }

  /** The draft with its secrets, known to be usable. */
  function complete(id: string | null, draft: CheckDraft): ReadyCheck {
    const kind = kindNamed(draft.kind, kinds, 'check')
    const stored = id === null ? null : (observer.check(id)?.written ?? removedDrafts.get(id) ?? null)
    return switchedOn(readyCheck(config.understood(id ?? 'trial', withStoredSecrets(draft, kind, stored)), kinds))
  }

  return {
    roleOf: (kind) => kinds.find((one) => one.kind === kind)?.role ?? 'operator',
    kinds: () =>
      kinds.map((kind) => {
        const schema = schemaOf(kind)
        return {
          kind: kind.kind,
          title: kind.title,
          description: kind.description,
          schema,
          defaults: defaultsOf(schema),
        }
      }),
    list: () => observer.ids().map(viewed),
    get: viewed,
    definition(id) {
      const { written, kind } = known(id)
      return withoutSecretValues(written, kind)
    },
    guess: (text) => guessDraft(text, kinds),
    async save(id, draft, before = null) {
      const { written: whole } = complete(id, draft)
      if (id !== null && before !== null) refuseUnlessSame(known(id), before)
      const saved = await config.saveCheck(id, whole)
      removedDrafts.delete(saved.id)
      return viewed(saved.id)
    },
    async remove(id) {
      const { written, kind } = known(id)
      await config.removeCheck(id)
      removedDrafts.set(id, written)
      await journal.commit()
      return { id, draft: withoutSecretValues(written, kind) }
    },
    async setEnabled(ids, enabled) {
      for (const id of ids) known(id)
      await config.setChecksEnabled(ids, enabled)
      await journal.commit()
      return ids.map(viewed)
    },
    matching: (filter) =>
      observer
        .ids()
        .map(viewed)
        .filter((check) => fitsFilter(check, filter))
        .map(({ id }) => id),
    async editMany(ids, change) {
      for (const id of ids) known(id)
      await config.editChecks(ids, change)
      await journal.commit()
      return ids.map(viewed)
    },
    groups() {
      const views = observer.ids().map(viewed)
      return config.current().groups.map(({ name, tags, labels, written }) => ({
        name,
        defaults: withoutGroupSecrets(written, kinds),
        tags: [...tags],
        labels: { ...labels },
        checks: views.filter(({ group }) => group === name).map(({ id }) => id),
      }))
    },
    newReferences(id, value) {
      const before = id === null ? undefined : (observer.check(id)?.written ?? removedDrafts.get(id))
      const known = new Set(referencesIn(before))
      return referencesIn(value).filter((one) => !known.has(one))
    },
    whole: (id, draft) => complete(id, draft).written,
    async run(id) {
      known(id)
      const result = await observer.run(id)
      if (result === null) throw new AppError('unavailable', `The check "${id}" was not run: Belfry is closing.`)
      await journal.commit()
      return result
    },
    async try(draft, id, signal) {
      const { kind, config: parsed } = complete(id, draft)
      const run = new AbortController()
      const abort = () => run.abort()
      if (signal.aborted) abort()
      signal.addEventListener('abort', abort, { once: true })
      const probe = { checkId: id ?? 'trial', kind, config: parsed, timeoutMs: draft.timeoutMs }
      const { result } = await runProbe(probe, 'trial', probePorts, run)
      signal.removeEventListener('abort', abort)
      return result
    },
    histories: (ids, buckets) => histories.of(ids, buckets, clock.now()),
    async timelines(window) {
      const watched = observer.ids().flatMap((id) => observer.view(id) ?? [])
      const intervals = await histories.timelines(
        watched.map(({ id }) => id),
        window,
        clock.now(),
      )
      return watched.map(({ id, name, state }, index) => ({ id, name, state, intervals: intervals[index] ?? [] }))
    },
    timeline: ({ id, range }) => histories.timeline(id, range, clock.now()),
    async results({ id, range, failuresOnly, limit, cursor }) {
      const before = parsePosition(cursor)
      await journal.settled()
      const question = { checkId: id, from: range.from, to: range.to, failuresOnly, limit: limit + 1, before }
      const found = await store.askLong('check.results', question)
      const results = found.slice(0, limit)
      const last = results.at(-1)
      return { results, next: found.length > limit && last !== undefined ? positionText(last) : null }
    },
    pings,
    pingUrl: pings.url,
    async pingsOf(id) {
      const { kind, config } = known(id)
      const pingId = kind.pingId?.(config)
      return pingId === undefined ? null : await pings.newest(pingId, pingsShown)
    },
    picture: pictures.read,
    import(name, text) {
      const read = kindNamed(name, kinds, 'check').import
      if (read === undefined) throw new AppError('invalid', `A check of the kind "${name}" cannot be imported.`)
      const { config, leftOut } = read(text)
      // A kind's input is JSON: it is what stands in belfry.yaml.
      return { config: config as CheckDraft['config'], leftOut: [...leftOut] }
    },
    lateness: () => gauges?.last() ?? null,
    relieve: (isShort) => observer.scheduler.limit(isShort ? fewAtOnce : null),
    async start() {
      const { observedUntil, runtimes } = await store.ask('check.runtimes', {})
      const remembered = new Map<string, RememberedCheck>()
      for (const { checkId, state } of runtimes) {
        const memory = parseRemembered(state)
        if (memory !== null) remembered.set(checkId, memory)
        else logger.error('what was remembered of a check is not understood; it starts anew', { check: checkId, state })
      }
      if (observedUntil !== null) clock.notBefore?.(observedUntil)
      observer.recall(remembered, observedUntil ?? 0)
      await pings.recall()
      await journal.commit()
      adopt()
      stops.push(config.onChange(adopt))
      if (uplink !== null) stops.push(uplink.onBack(networkBack))
      gauges = startLatenessGauges(ports, metrics, observer.scheduler.lateness)
      stops.push(gauges.stop)
      stops.push(startResultRetention(ports, store))
      stops.push(startPictureRetention(ports, pictures))
    },
    async close() {
      for (const stop of stops.splice(0)) stop()
      gate.close()
      await observer.close()
      stopTelling?.()
      await journal.close()
    },
  }
}

function refuseUnlessSame({ written, kind }: ReadyCheck, before: CheckDraft): void {
  const text = (draft: CheckDraft) => JSON.stringify(CheckDraft.parse(draft))
  if (text(withoutSecretValues(written, kind)) === text(before)) return
  throw new AppError('conflict', `The check "${written.name}" was changed meanwhile: look at it again, then repeat.`)
}
