import { Settings2 } from 'lucide-react'
import type { Feature } from '../../feature.ts'
import { navigate } from '../../navigation/location.ts'
import { SettingsScreen } from './settings-screen.tsx'

export const settings: Feature = {
  id: 'settings',
  title: 'Settings',
  icon: Settings2,
  group: 'Console',
  home: 'settings',
  letter: 's',
  screens: {
    settings: () => <SettingsScreen section={null} />,
    settingsSection: ({ section = '' }) => <SettingsScreen section={section} />,
  },
  usePaletteItems: () => paletteItems,
}

const paletteItems = (
  [
    ['appearance', 'Appearance and time zone'],
    ['notifications', 'Notifications'],
    ['collection', 'Collection'],
    ['storage', 'Storage and retention'],
    ['backup', 'Backup and restore'],
    ['security', 'API tokens'],
    ['audit', 'Audit log'],
    ['about', 'About, health and doctor'],
  ] as const
).map(([section, title]) => ({
  id: `settings.${section}`,
  title: `Settings: ${title}`,
  group: 'Screen',
  icon: Settings2,
  run: () => navigate('settingsSection', { section }),
}))
