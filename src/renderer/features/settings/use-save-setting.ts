/** Saves a change of settings at once, with the way back; a failure stays with the setting it is about. */
import type { Settings, SettingsPatch } from '#shared/contract/settings.ts'
import { useCommand } from '../../client/use-command.ts'
import { toast } from '../../ui/toasts.ts'

export interface SaveSetting {
  /** `before` is what Undo brings back. */
  readonly save: (title: string, change: SettingsPatch, before: SettingsPatch) => Promise<Settings | null>
  readonly problem: string | null
  readonly isSaving: boolean
}

export function useSaveSetting(): SaveSetting {
  const command = useCommand('settings.save')
  return {
    async save(title, change, before) {
      const saved = await command.run({ patch: change })
      if (saved) toast(`${title} saved.`, () => void command.run({ patch: before }))
      return saved
    },
    problem:
      command.failure && [command.failure.message, ...command.failure.issues.map(({ message }) => message)].join(' '),
    isSaving: command.isRunning,
  }
}
