/** A ConfigFile that keeps the configuration in memory and follows the interface's promises. */
import type { BelfryConfig, ConfigFile, ConfiguredCheck } from '#main/config/config-file.ts'
import { withChange } from '#shared/config/check-entry.ts'
import type { CheckDraft } from '#shared/contract/checks.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { Settings } from '#shared/contract/settings.ts'
import type { Wall } from '#shared/contract/walls.ts'

export const defaultSettings: Settings = {
  appearance: { theme: 'system', density: 'comfortable', timeZone: 'local' },
  notifications: {
    desktop: 'auto',
    leastSeverity: 'warning',
    resolved: true,
    quietHours: '',
    quietExcept: 'critical',
    sound: false,
  },
  desktop: { autostart: false },
  storage: { rawDays: 15, fiveMinuteDays: 180, hourDays: 1095, maxActiveSeries: 200_000, maxBytes: 0 },
  backup: { enabled: true, at: '03:30', keepDaily: 7, keepWeekly: 4, directory: '' },
  collection: { fastMs: 5000, mediumMs: 30_000, slowMs: 300_000 },
  console: { enabled: true, port: 4680 },
  logLevel: 'info',
}

export function memoryConfig(
  checks: readonly ConfiguredCheck[] = [],
  different: Partial<BelfryConfig> = {},
): ConfigFile {
  let config: BelfryConfig = {
    settings: defaultSettings,
    groups: [],
    checks,
    collectors: [],
    rules: { files: ['rules/*.yml'], disabled: [] },
    uplink: { enabled: false, references: ['192.0.2.1:443'] },
    promql: { ranges: 'open' },
    query: { timeout: 60_000, maxSamples: 20_000_000, maxPoints: 11_000, concurrency: 4, perMinute: 3000 },
    intake: { enabled: false, port: 4681, perMinute: 6000 },
    scripts: { enabled: false },
    walls: [],
    prometheus: null,
    ...different,
  }
  const listeners = new Set<(config: BelfryConfig) => void>()
  const change = (patch: Partial<BelfryConfig>) => {
    config = { ...config, ...patch }
    for (const listener of listeners) listener(config)
  }
  const freeId = (name: string) => {
    const slug = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
    let id = slug
    for (let count = 2; [...config.checks, ...config.collectors].some((entry) => entry.id === id); count++)
      id = `${slug}-${count}`
    return id
  }
  return {
    path: '/memory/belfry.yaml',
    directory: '/memory',
    current: () => config,
    problems: () => [],
    understood: (id, draft) => ({ id, draft }),
    async saveCheck(id: string | null, draft: CheckDraft) {
      const saved = { id: id ?? freeId(draft.name), draft }
      const known = config.checks.some((check) => check.id === saved.id)
      change({
        checks: known
          ? config.checks.map((check) => (check.id === saved.id ? saved : check))
          : [...config.checks, saved],
      })
      return saved
    },
    async removeCheck(id) {
      const found = config.checks.find((check) => check.id === id)
      if (found === undefined) throw new AppError('not-found', `There is no check "${id}".`)
      change({ checks: config.checks.filter((check) => check.id !== id) })
      return found.draft
    },
    async setChecksEnabled(ids, enabled) {
      change({
        checks: config.checks.map((check) =>
          ids.includes(check.id) ? { ...check, draft: { ...check.draft, enabled } } : check,
        ),
      })
    },
    async editChecks(ids, asked) {
      change({
        checks: config.checks.map((check) =>
          ids.includes(check.id) ? { ...check, draft: withChange(check.draft, asked) } : check,
        ),
      })
    },
    understoodCollector: (id, draft) => ({ id, draft }),
    async saveCollector(id, draft) {
      const saved = { id: id ?? freeId(draft.name), draft }
      const others = config.collectors.filter((known) => known.id !== saved.id)
      change({ collectors: [...others, saved] })
      return saved
    },
    async removeCollector(id) {
      const found = config.collectors.find((known) => known.id === id)
      if (found === undefined) throw new AppError('not-found', `There is no collector "${id}".`)
      change({ collectors: config.collectors.filter((known) => known !== found) })
      return found.draft
    },
    async setCollectorsEnabled(ids, enabled) {
      change({
        collectors: config.collectors.map((known) =>
          ids.includes(known.id) ? { ...known, draft: { ...known.draft, enabled } } : known,
        ),
      })
    },
    async saveSettings(patch) {
      const { settings } = config
      const next: Settings = {
        appearance: { ...settings.appearance, ...defined(patch.appearance) },
        notifications: { ...settings.notifications, ...defined(patch.notifications) },
        backup: { ...settings.backup, ...defined(patch.backup) },
        storage: { ...settings.storage, ...defined(patch.storage) },
        collection: { ...settings.collection, ...defined(patch.collection) },
        console: { ...settings.console, ...defined(patch.console) },
        desktop: { ...settings.desktop, ...defined(patch.desktop) },
        logLevel: patch.logLevel ?? settings.logLevel,
      }
      change({ settings: next })
      return next
    },
    async setRuleEnabled(alert, enabled) {
      const disabled = config.rules.disabled.filter((name) => name !== alert)
      change({ rules: { ...config.rules, disabled: enabled ? disabled : [...disabled, alert] } })
    },
    async saveWall(name: string | null, wall: Wall) {
      const others = config.walls.filter((known) => known.name !== (name ?? wall.name))
      change({ walls: [...others, wall] })
      return wall
    },
    async removeWall(name) {
      const found = config.walls.find((wall) => wall.name === name)
      if (found === undefined) throw new AppError('not-found', `There is no wall "${name}".`)
      change({ walls: config.walls.filter((wall) => wall !== found) })
      return found
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

/** Without the members that are undefined, which say nothing. */
function defined<T extends object>(patch: T | undefined): Defined<T> {
  return Object.fromEntries(Object.entries(patch ?? {}).filter(([, value]) => value !== undefined)) as Defined<T>
}
