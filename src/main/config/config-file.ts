/**
 * belfry.yaml as services see it. The file is the truth: what is read from it is validated entry by entry, what is
 * broken is named with file, line and reason and left out, and what a screen changes is written into the same document
 * with its comments and order kept. Writing is atomic (temporary file, fsync, rename) and refuses to overwrite a file
 * that changed on disk since it was read (AppError `conflict`).
 */
import type { UplinkSettings } from '#shared/config/schema.ts'
import type { CheckDraft } from '#shared/contract/checks.ts'
import type { Settings, SettingsPatch } from '#shared/contract/settings.ts'
import type { Wall } from '#shared/contract/walls.ts'

export interface ConfigProblem {
  readonly file: string
  /** 1-based; null when the problem is of the whole file. */
  readonly line: number | null
  /** Such as `checks[3].everyMs`. */
  readonly path: string
  /** What was expected, what came, what to do. */
  readonly message: string
}

export interface ConfiguredCheck {
  /** From `id:`, or made from the name. Unique in the file. */
  readonly id: string
  readonly draft: CheckDraft
}

export interface BelfryConfig {
  readonly settings: Settings
  readonly checks: readonly ConfiguredCheck[]
  readonly rules: {
    /** Prometheus rule files, relative to the configuration directory; globs allowed. Default `rules/*.yml`. */
    readonly files: readonly string[]
    /** Names of alerts (presets or own) that are switched off. */
    readonly disabled: readonly string[]
  }
  readonly uplink: UplinkSettings
  /** Each name is unique. */
  readonly walls: readonly Wall[]
}

export interface ConfigFile {
  readonly path: string
  readonly directory: string
  /** The last good configuration. */
  current(): BelfryConfig
  problems(): readonly ConfigProblem[]
  saveCheck(id: string | null, draft: CheckDraft): Promise<ConfiguredCheck>
  removeCheck(id: string): Promise<CheckDraft>
  setChecksEnabled(ids: readonly string[], enabled: boolean): Promise<void>
  saveSettings(patch: SettingsPatch): Promise<Settings>
  setRuleEnabled(alert: string, enabled: boolean): Promise<void>
  /** `name`: of the wall to replace; null, or one that is not there: a new one. */
  saveWall(name: string | null, wall: Wall): Promise<Wall>
  removeWall(name: string): Promise<Wall>
  /** Called after each write with the new configuration. Returns what ends it. */
  onChange(listener: (config: BelfryConfig) => void): () => void
}
