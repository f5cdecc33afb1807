import { Telescope } from 'lucide-react'
import type { Feature } from '../../feature.ts'
import { ExploreScreen } from './explore-screen.tsx'

export const explore: Feature = {
  id: 'explore',
  title: 'Explore',
  icon: Telescope,
  group: 'Performance',
  home: 'explore',
  letter: 'e',
  screens: { explore: () => <ExploreScreen /> },
}
