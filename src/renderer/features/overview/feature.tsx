import { LayoutDashboard } from 'lucide-react'
import type { Feature } from '../../feature.ts'
import { OverviewScreen } from './overview-screen.tsx'

export const overview: Feature = {
  id: 'overview',
  title: 'Overview',
  icon: LayoutDashboard,
  group: null,
  home: 'overview',
  letter: 'o',
  screens: { overview: () => <OverviewScreen /> },
}
