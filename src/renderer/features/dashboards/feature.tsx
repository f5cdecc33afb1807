import { LayoutDashboard, Plus } from 'lucide-react'
import { useMemo } from 'react'
import { useCall } from '../../client/use-call.ts'
import type { Feature } from '../../feature.ts'
import type { PaletteItem } from '../../keys/rank-items.ts'
import { navigate } from '../../navigation/location.ts'
import { BoardScreen } from './board-screen.tsx'
import { DashboardsScreen } from './dashboards-screen.tsx'

export const dashboards: Feature = {
  id: 'dashboards',
  title: 'Dashboards',
  icon: LayoutDashboard,
  group: 'Performance',
  home: 'dashboards',
  letter: 'd',
  screens: {
    dashboards: () => <DashboardsScreen />,
    dashboard: ({ uid = '' }) => <BoardScreen uid={uid} />,
  },
  usePaletteItems: useBoardItems,
}

function useBoardItems(): readonly PaletteItem[] {
  const list = useCall('dashboards.list', {})
  return useMemo(
    () => [
      ...(list.data?.boards ?? []).map(
        ({ uid, title, tags }): PaletteItem => ({
          id: `dashboard-${uid}`,
          title,
          note: tags.join(' '),
          group: 'Dashboard',
          icon: LayoutDashboard,
          run: () => navigate('dashboard', { uid }),
        }),
      ),
      {
        id: 'dashboards.new',
        title: 'New dashboard',
        group: 'Action',
        icon: Plus,
        run: () => navigate('dashboards', {}, { new: 'yes' }),
      },
    ],
    [list.data],
  )
}
