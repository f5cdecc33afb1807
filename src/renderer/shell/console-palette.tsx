import { Activity, Bell, Moon, Pause, Play, Sun } from 'lucide-react'
import { useMemo } from 'react'
import type { Feature } from '../feature.ts'
import { Palette } from '../keys/palette.tsx'
import type { PaletteItem } from '../keys/rank-items.ts'
import { alertTitle, useActiveAlerts } from '../live/use-active-alerts.ts'
import { useChecks } from '../live/use-checks.ts'
import { navigate } from '../navigation/location.ts'
import { useAppearance } from '../theme/appearance.ts'
import { togglePaused, useRangeStore } from '../time-range/range-store.ts'
import { markWord } from '../ui/state-mark.tsx'

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
  const things = useThings()
  return <Palette onClose={onClose} items={[...screens, ...theirs, ...own, ...things]} />
}

/** What is watched and what rings: found by name, target and state. */
function useThings(): readonly PaletteItem[] {
  const checks = useChecks()
  const alerts = useActiveAlerts()
  return useMemo(
    () => [
      ...(alerts.data?.alerts ?? []).map(
        (alert): PaletteItem => ({
          id: `alert-${alert.id}`,
          title: alertTitle(alert),
          note: `${alert.severity}, ${alert.state}`,
          group: 'Alert',
          icon: Bell,
          run: () => navigate('alert', { id: alert.id }),
        }),
      ),
      ...(checks.data ?? []).map(
        (check): PaletteItem => ({
          id: `check-${check.id}`,
          title: check.name,
          note: `${check.target} ${check.state === 'up' ? '' : markWord(check.state).toLowerCase()}`,
          group: 'Check',
          icon: Activity,
          run: () => navigate('check', { id: check.id }),
        }),
      ),
    ],
    [checks.data, alerts.data],
  )
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
