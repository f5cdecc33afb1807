import { Moon, Pause, Play, Sun } from 'lucide-react'
import type { Feature } from '../feature.ts'
import { Palette } from '../keys/palette.tsx'
import type { PaletteItem } from '../keys/rank-items.ts'
import { navigate } from '../navigation/location.ts'
import { useAppearance } from '../theme/appearance.ts'
import { togglePaused, useRangeStore } from '../time-range/range-store.ts'

interface ConsolePaletteProps {
  readonly features: readonly Feature[]
  readonly onClose: () => void
}

/** The palette over everything the features offer. Their hooks are called only while it is open. */
export function ConsolePalette({ features, onClose }: ConsolePaletteProps) {
  const own = useOwnItems()
  const screens = features.map(
    ({ id, title, icon, home, letter }): PaletteItem => ({
      id: `screen-${id}`,
      title,
      group: 'Screen',
      icon,
      keys: `g ${letter}`,
      // A feature's home has no parameters.
      run: () => navigate(home as 'overview'),
    }),
  )
  // biome-ignore lint/correctness/useHookAtTopLevel: the features are constant, so number and order never change
  const theirs = features.flatMap((feature) => feature.usePaletteItems?.() ?? [])
  return <Palette onClose={onClose} items={[...screens, ...theirs, ...own]} />
}

function useOwnItems(): readonly PaletteItem[] {
  const theme = useAppearance((appearance) => appearance.resolvedTheme)
  const isPaused = useRangeStore((store) => store.pausedAt !== null)
  return [
    {
      id: 'action-pause',
      title: isPaused ? 'Play all charts' : 'Pause all charts',
      group: 'Action',
      icon: isPaused ? Play : Pause,
      keys: 'p',
      run: togglePaused,
    },
    {
      id: 'action-theme',
      title: theme === 'dark' ? 'Light theme in this window' : 'Dark theme in this window',
      group: 'Action',
      icon: theme === 'dark' ? Sun : Moon,
      run: () => useAppearance.getState().set({ theme: theme === 'dark' ? 'light' : 'dark' }),
    },
  ]
}
