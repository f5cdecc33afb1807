import type { ConfigFile } from '#main/config/config-file.ts'
import type { StorageUsageReader } from '#main/health/storage-usage.ts'
import type { HandlersOf } from '#shared/contract/index.ts'

export function settingsHandlers(config: ConfigFile, storageUsage: StorageUsageReader): HandlersOf<'settings'> {
  return {
    'settings.get': () => config.current().settings,
    'settings.save': ({ patch }) => config.saveSettings(patch),
    'settings.storage': () => storageUsage(),
  }
}
