/** The contract's Settings and the sections of belfry.yaml they are written in, both ways. */
import type { Settings, SettingsPatch } from '#shared/contract/settings.ts'
import { formatDuration } from './duration.ts'
import type { Sections } from './schema.ts'

export function settingsOf(sections: Sections): Settings {
  const { retention, maxActiveSeries, maxBytes } = sections.storage
  return {
    appearance: sections.appearance,
    notifications: sections.notifications,
    storage: {
      rawDays: retention.raw,
      fiveMinuteDays: retention.fiveMinute,
      hourDays: retention.hour,
      maxActiveSeries,
      maxBytes,
    },
    backup: sections.backup,
    collection: {
      fastMs: sections.collection.fast,
      mediumMs: sections.collection.medium,
      slowMs: sections.collection.slow,
    },
    console: sections.console,
    desktop: sections.desktop,
    logLevel: sections.log.level,
  }
}

export interface SettingEdit {
  /** Keys from the top of belfry.yaml. */
  readonly path: readonly string[]
  readonly value: string | number | boolean
}

/** What to write for a patch, in the order of the sections; fields that the patch leaves out are left alone. */
export function settingEdits(patch: SettingsPatch): SettingEdit[] {
  const { appearance, notifications, storage, backup, collection, console, desktop } = patch
  const candidates: readonly (readonly [path: readonly string[], value: string | number | boolean | undefined])[] = [
    [['appearance', 'theme'], appearance?.theme],
    [['appearance', 'density'], appearance?.density],
    [['appearance', 'timeZone'], appearance?.timeZone],
    [['notifications', 'desktop'], notifications?.desktop],
    [['notifications', 'leastSeverity'], notifications?.leastSeverity],
    [['notifications', 'resolved'], notifications?.resolved],
    [['notifications', 'quietHours'], notifications?.quietHours],
    [['notifications', 'quietExcept'], notifications?.quietExcept],
    [['notifications', 'sound'], notifications?.sound],
    [['storage', 'retention', 'raw'], inDays(storage?.rawDays)],
    [['storage', 'retention', 'fiveMinute'], inDays(storage?.fiveMinuteDays)],
    [['storage', 'retention', 'hour'], inDays(storage?.hourDays)],
    [['storage', 'maxActiveSeries'], storage?.maxActiveSeries],
    [['storage', 'maxBytes'], storage?.maxBytes],
    [['backup', 'enabled'], backup?.enabled],
    [['backup', 'at'], backup?.at],
    [['backup', 'keepDaily'], backup?.keepDaily],
    [['backup', 'keepWeekly'], backup?.keepWeekly],
    [['backup', 'directory'], backup?.directory],
    [['collection', 'fast'], inWords(collection?.fastMs)],
    [['collection', 'medium'], inWords(collection?.mediumMs)],
    [['collection', 'slow'], inWords(collection?.slowMs)],
    [['console', 'enabled'], console?.enabled],
    [['console', 'port'], console?.port],
    [['desktop', 'autostart'], desktop?.autostart],
    [['log', 'level'], patch.logLevel],
  ]
  return candidates.flatMap(([path, value]) => (value === undefined ? [] : [{ path, value }]))
}

const inDays = (days: number | undefined) => (days === undefined ? undefined : `${days}d`)
const inWords = (durationMs: number | undefined) => (durationMs === undefined ? undefined : formatDuration(durationMs))

/** The settings' own name of a place in belfry.yaml, for a form that shows the message beside the field. */
export function settingPathOf(path: readonly (string | number)[]): string {
  const written = path.join('.')
  return settingPaths.get(written) ?? written
}

const settingPaths: ReadonlyMap<string, string> = new Map([
  ['storage.retention.raw', 'storage.rawDays'],
  ['storage.retention.fiveMinute', 'storage.fiveMinuteDays'],
  ['storage.retention.hour', 'storage.hourDays'],
  ['collection.fast', 'collection.fastMs'],
  ['collection.medium', 'collection.mediumMs'],
  ['collection.slow', 'collection.slowMs'],
  ['log.level', 'logLevel'],
])
