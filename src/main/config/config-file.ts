/**
 * The configuration as services see it: belfry.yaml and conf.d together. The files are the truth: what is read from them
 * is validated entry by entry, what is broken is named with file, line and reason, and what a screen changes is written
 * into the file where it stands, with comments and order kept. Writing is atomic (temporary file, fsync, rename); what
 * somebody changed on disk meanwhile is read first, and AppError `conflict` says that it was about the same object.
 */
import type { IntakeSettings, PromqlSettings, QuerySettings, UplinkSettings } from '#shared/config/schema.ts'
import type { CheckDraft, ChecksChange } from '#shared/contract/checks.ts'
import type { CollectorDraft } from '#shared/contract/collectors.ts'
import type { Settings, SettingsPatch } from '#shared/contract/settings.ts'
import type { Wall } from '#shared/contract/walls.ts'
import type { Concealed } from './references.ts'

export interface ConfigProblem {
  readonly file: string
  /** 1-based; null when the problem is of the whole file. */
  readonly line: number | null
  readonly column?: number | null
  /** Such as `checks[3].everyMs`. */
  readonly path: string
  /** What was expected, what came, what to do. */
  readonly message: string
}

/** An entry of `checks:` or `collectors:`. */
export interface ConfiguredEntry<D> {
  /** From `id:`, or made from the name. Unique in all files. */
  readonly id: string
  /** What it runs with: what its group gives is in it, and references are what they stand for. Never shown. */
  readonly draft: D
  /** What its entry says, references as they are written; absent where that is the same. */
  readonly written?: D
  /** Values in `draft` that came from references. */
  readonly concealed?: readonly Concealed[]
}

export type ConfiguredCheck = ConfiguredEntry<CheckDraft>
export type ConfiguredCollector = ConfiguredEntry<CollectorDraft>

/** What `groups:` says, as services and screens need it. */
export interface CheckGroup {
  readonly name: string
  readonly tags: readonly string[]
  readonly labels: Readonly<Record<string, string>>
  /** What stands in the file, references as they are written. */
  readonly written: CheckDraft['config']
}

export interface BelfryConfig {
  readonly settings: Settings
  readonly groups: readonly CheckGroup[]
  readonly checks: readonly ConfiguredCheck[]
  readonly collectors: readonly ConfiguredCollector[]
  readonly rules: {
    /** Prometheus rule files, relative to the configuration directory; globs allowed. Default `rules/*.yml`. */
    readonly files: readonly string[]
    /** Names of alerts (presets or own) that are switched off. */
    readonly disabled: readonly string[]
  }
  readonly uplink: UplinkSettings
  readonly promql: PromqlSettings
  readonly query: QuerySettings
  readonly intake: IntakeSettings
  /** Whether checks may run programs. */
  readonly scripts: { readonly enabled: boolean }
  /** Each name is unique. */
  readonly walls: readonly Wall[]
  /** The path of a prometheus.yml, from the configuration directory on or absolute; null where none is named. */
  readonly prometheus: string | null
}

export interface ConfigFile {
  readonly path: string
  readonly directory: string
  /** The last good configuration. */
  current(): BelfryConfig
  problems(): readonly ConfigProblem[]
  /** What a check that is written like this would run with. Throws AppError `invalid` with the fields it concerns. */
  understood(id: string, written: CheckDraft): ConfiguredCheck
  saveCheck(id: string | null, draft: CheckDraft): Promise<ConfiguredCheck>
  /** What was written of it. */
  removeCheck(id: string): Promise<CheckDraft>
  setChecksEnabled(ids: readonly string[], enabled: boolean): Promise<void>
  editChecks(ids: readonly string[], change: ChecksChange): Promise<void>
  /** The same of a collector. */
  understoodCollector(id: string, written: CollectorDraft): ConfiguredCollector
  saveCollector(id: string | null, draft: CollectorDraft): Promise<ConfiguredCollector>
  /** What was written of it. */
  removeCollector(id: string): Promise<CollectorDraft>
  setCollectorsEnabled(ids: readonly string[], enabled: boolean): Promise<void>
  saveSettings(patch: SettingsPatch): Promise<Settings>
  setRuleEnabled(alert: string, enabled: boolean): Promise<void>
  /** `name`: of the wall to replace; null, or one that is not there: a new one. */
  saveWall(name: string | null, wall: Wall): Promise<Wall>
  removeWall(name: string): Promise<Wall>
  /** Called with each new configuration: one that a screen wrote, and one that was read from disk. */
  onChange(listener: (config: BelfryConfig) => void): () => void
}

/** What the operator wrote of an entry. */
export function writtenOf<D>({ draft, written }: ConfiguredEntry<D>): D {
  return written ?? draft
}
