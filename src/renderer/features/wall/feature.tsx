import { MonitorPlay } from 'lucide-react'
import { useCall } from '../../client/use-call.ts'
import type { Feature } from '../../feature.ts'
import type { PaletteItem } from '../../keys/rank-items.ts'
import { navigate } from '../../navigation/location.ts'
import { WallsScreen } from './walls-screen.tsx'

export const walls: Feature = {
  id: 'walls',
  title: 'Walls',
  icon: MonitorPlay,
  group: 'Console',
  home: 'walls',
  letter: 'w',
  screens: {
    walls: () => <WallsScreen name={null} />,
    wallEdit: ({ name = '' }) => <WallsScreen name={name} />,
  },
  usePaletteItems,
}

/** Each wall can be opened from anywhere; one on a display of this machine is shown from its own screen. */
function usePaletteItems(): readonly PaletteItem[] {
  const list = useCall('walls.list', {})
  return (list.data ?? []).map(({ name, title }) => ({
    id: `walls.${name}`,
    title: `Open the wall ${title}`,
    group: 'Action',
    icon: MonitorPlay,
    run: () => navigate('wall', { name }),
  }))
}
