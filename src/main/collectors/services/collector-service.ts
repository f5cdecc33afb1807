/** Collectors of services as the rest of Belfry knows them: configured in belfry.yaml, watched, told as statuses and values. */

import { kindNamed } from '#main/checks/ready-check.ts'
import type { ConfigFile, ConfiguredCollector } from '#main/config/config-file.ts'
import { defaultsOf, schemaOf, withoutSecretValues, withStoredSecrets } from '#main/config/entry-secrets.ts'
import { referencesIn } from '#main/config/references.ts'
import type { Events } from '#main/events.ts'
import type { MetricStore } from '#main/metrics/metric-store.ts'
import type { Notices } from '#main/notices.ts'
import type { Clock, Logger, Timers } from '#main/ports.ts'
import type { UplinkGuard } from '#main/uplink/uplink-guard.ts'
import {
  CollectorDraft,
  type CollectorKindView,
  type CollectorStatus,
  type CollectorTrial,
  type MetricFamilyView,
} from '#shared/contract/collectors.ts'
import type { AbortSignalLike, Role } from '#shared/contract/define.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { OutputOf } from '#shared/contract/index.ts'
import { type CollectorWatchOptions, watchCollectors } from './collector-watch.ts'
import type { Metric, ServiceKind } from './kind.ts'
import { serviceKinds } from './kinds/index.ts'
import { type ReadyCollector, readyCollector } from './ready-collector.ts'
import { runCollector } from './run-collector.ts'

export interface CollectorServiceOptions {
  readonly ports: { readonly clock: Clock; readonly timers: Timers; readonly logger: Logger }
  readonly metrics: MetricStore
  readonly config: Pick<
    ConfigFile,
    | 'path'
    | 'current'
    | 'onChange'
    | 'understoodCollector'
    | 'saveCollector'
    | 'removeCollector'
    | 'setCollectorsEnabled'
  >
  readonly events: Events
  readonly notices: Notices
  /** Null, as by default: this machine's own link is not watched. */
  readonly uplink?: UplinkGuard | null
  readonly describe?: CollectorWatchOptions['describe']
  readonly kinds?: readonly ServiceKind[]
}

export interface CollectorService {
  kinds(): CollectorKindView[]
  list(): CollectorStatus[]
  /** Throws AppError `not-found`, as all that take an id. */
  get(id: string): CollectorStatus
  /** Why it fails now; null when it does not. */
  failureOf(id: string): string | null
  latest(id: string): OutputOf<'collectors.latest'>
  /** Secrets are replaced by a mark. */
  definition(id: string): CollectorDraft
  detect(signal: AbortSignalLike): Promise<OutputOf<'collectors.detect'>>
  /** The least role that may write or try a collector of this kind. */
  roleOf(kind: string): Role
  /** `before`: what the change began with; rejects with AppError `conflict` when the collector is another by now. */
  save(id: string | null, draft: CollectorDraft, before?: CollectorDraft | null): Promise<CollectorStatus>
  remove(id: string): Promise<{ id: string; draft: CollectorDraft }>
  setEnabled(ids: readonly string[], enabled: boolean): Promise<CollectorStatus[]>
  run(id: string): Promise<CollectorStatus>
  try(draft: CollectorDraft, id: string | null, signal: AbortSignalLike): Promise<CollectorTrial>
  /** References in a draft that the collector does not have yet, as they are written. */
  newReferences(id: string | null, draft: CollectorDraft): string[]
  /** A draft with the secrets that a screen sent a mark for. */
  whole(id: string | null, draft: CollectorDraft): CollectorDraft
  start(): void
  close(): Promise<void>
}

/** So many samples are shown; there may be thousands. */
const mostShown = 2000
const tellMs = 250
const detectMs = 2000

export function createCollectorService(options: CollectorServiceOptions): CollectorService {
  const { ports, metrics, config, events, notices, kinds = serviceKinds } = options
  const { clock, timers, logger } = ports
  const readyOnes = new WeakMap<ConfiguredCollector, ReadyCollector>()
  /** Removed by a screen, in case it wants them back with their secrets. */
  const removedDrafts = new Map<string, CollectorDraft>()
  const changed = new Set<string>()
  const mayRunPrograms = () => config.current().scripts.enabled
  let stopTelling: (() => void) | null = null
  let stopFollowing = () => {}

  const watch = watchCollectors({
    ports,
    metrics,
    uplink: options.uplink ?? null,
    mayRunPrograms,
    describe: options.describe ?? (() => {}),
    onChanged(id) {
      changed.add(id)
      stopTelling ??= timers.after(tellMs, tell)
    },
  })

  function tell(): void {
    stopTelling = null
    for (const id of changed) {
      const status = watch.status(id)
      if (status !== null) events.emit('collectors.changed', status)
    }
    changed.clear()
  }

  /** Makes what is watched what the file says; a collector that cannot be used is named and left out. */
  function adopt(): void {
    const before = new Set(watch.ids())
    const ready = config.current().collectors.flatMap(usable)
    watch.watch(ready)
    for (const { id } of ready) before.delete(id)
    for (const id of before) events.emit('collectors.removed', { id })
  }

  function usable(configured: ConfiguredCollector): ReadyCollector[] {
    const noticeId = `collectors.unusable.${configured.id}`
    try {
      const ready = readyOnes.get(configured) ?? readyCollector(configured, kinds)
      readyOnes.set(configured, ready)
      notices.withdraw(noticeId)
      return [ready]
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      const title = `The collector "${configured.draft.name}" is left out`
      const source = { file: config.path, line: null }
      notices.raise({ id: noticeId, level: 'error', title, message: error.message, source })
      return []
    }
  }

  function known(id: string): ReadyCollector {
    const collector = watch.collector(id)
    if (collector === null) throw new AppError('not-found', `There is no collector "${id}".`)
    return collector
  }

  function statusOf(id: string): CollectorStatus {
    const status = watch.status(id)
    if (status === null) throw new AppError('not-found', `There is no collector "${id}".`)
    return status
  }

  /** The draft with its secrets, known to be usable. */
  function complete(id: string | null, draft: CollectorDraft): ReadyCollector {
    const kind = kindNamed(draft.kind, kinds, 'collector')
    const stored = id === null ? null : (watch.collector(id)?.written ?? removedDrafts.get(id) ?? null)
    const whole = withStoredSecrets(draft, kind, stored)
    return readyCollector(config.understoodCollector(id ?? 'trial', whole), kinds)
  }

  function refuseUnlessSame({ written, kind }: ReadyCollector, before: CollectorDraft): void {
    const text = (draft: CollectorDraft) => JSON.stringify(CollectorDraft.parse(draft))
    if (text(withoutSecretValues(written, kind)) === text(before)) return
    throw new AppError(
      'conflict',
      `"${written.name}" was changed meanwhile, on another screen or in its file. Look at it again, then repeat the change.`,
    )
  }

  return {
    kinds: () => kinds.map(kindView),
    list: () => watch.ids().map(statusOf),
    get: statusOf,
    failureOf(id) {
      const status = watch.status(id)
      return status?.state === 'failing' ? status.reason.message : null
    },
    latest(id) {
      known(id)
      const last = watch.last(id)
      if (last === null || last.failure !== null) return { at: null, metrics: [], samples: 0 }
      return { at: Math.round(last.at), metrics: shownMetrics(last.reading.metrics), samples: last.samples }
    },
    definition(id) {
      const { written, kind } = known(id)
      return withoutSecretValues(written, kind)
    },
    async detect(signal) {
      const abort = linked(signal)
      const stop = timers.after(detectMs, () => abort.abort(new Error('the deadline has passed')))
      const given = { clock, logger, timeoutMs: detectMs, mayRunPrograms: false }
      const found = await Promise.all(
        kinds.map(async (kind) => [kind, await kind.detect?.(given, abort.signal)] as const),
      )
      stop()
      const targets = new Set(watch.ids().map((id) => `${known(id).kind.kind} ${known(id).target}`))
      return found.flatMap(([kind, detected]) => {
        if (detected === null || detected === undefined) return []
        const draft = CollectorDraft.parse({ ...detected.draft, kind: kind.kind })
        const parsed = kind.config.safeParse(draft.config)
        const isKnown = parsed.success && targets.has(`${kind.kind} ${kind.target(parsed.data)}`)
        return isKnown ? [] : [{ title: kind.title, found: detected.found, draft }]
      })
    },
    roleOf: (kind) => kinds.find((one) => one.kind === kind)?.role ?? 'operator',
    async save(id, draft, before = null) {
      const { written } = complete(id, draft)
      if (id !== null && before !== null) refuseUnlessSame(known(id), before)
      const saved = await config.saveCollector(id, written)
      removedDrafts.delete(saved.id)
      return statusOf(saved.id)
    },
    async remove(id) {
      const { written, kind } = known(id)
      await config.removeCollector(id)
      removedDrafts.set(id, written)
      return { id, draft: withoutSecretValues(written, kind) }
    },
    async setEnabled(ids, enabled) {
      for (const id of ids) known(id)
      await config.setCollectorsEnabled(ids, enabled)
      return ids.map(statusOf)
    },
    async run(id) {
      known(id)
      await watch.run(id)
      return statusOf(id)
    },
    async try(draft, id, signal) {
      const ready = complete(id, draft)
      const outcome = await runCollector(ready, { ...ports, mayRunPrograms }, linked(signal))
      const { at, durationMs, failure, reading, samples } = outcome
      return {
        at: Math.round(at),
        durationMs,
        failure: failure?.reason ?? null,
        problems: [...reading.problems],
        facts: [...reading.facts],
        metrics: shownMetrics(reading.metrics),
        samples,
      }
    },
    newReferences(id, draft) {
      const before = id === null ? undefined : (watch.collector(id)?.written ?? removedDrafts.get(id))
      const held = new Set(referencesIn(before))
      return referencesIn(draft).filter((one) => !held.has(one))
    },
    whole: (id, draft) => complete(id, draft).written,
    start() {
      for (const kind of kinds) kind.prepare?.()
      adopt()
      stopFollowing = config.onChange(adopt)
    },
    async close() {
      stopFollowing()
      stopTelling?.()
      await watch.close()
    },
  }
}

function kindView({ kind, title, description, charts, config }: ServiceKind): CollectorKindView {
  const schema = schemaOf({ kind, config })
  return { kind, title, description, schema, defaults: defaultsOf(schema), charts: [...charts] }
}

function shownMetrics(metrics: readonly Metric[]): MetricFamilyView[] {
  let left = mostShown
  return metrics.map(({ samples, ...about }) => {
    const shown = samples.slice(0, left)
    left -= shown.length
    return {
      ...about,
      samples: shown.map(({ labels, value }) => ({ labels, value: Number.isFinite(value) ? value : null })),
    }
  })
}

function linked(signal: AbortSignalLike): AbortController {
  const controller = new AbortController()
  if (signal.aborted) controller.abort()
  signal.addEventListener('abort', () => controller.abort(), { once: true })
  return controller
}
