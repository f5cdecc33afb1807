import { Plus, ScanLine } from 'lucide-react'
import type { Feature } from '../../feature.ts'
import { navigate } from '../../navigation/location.ts'
import { TargetsScreen } from './targets-screen.tsx'

export const targets: Feature = {
  id: 'targets',
  title: 'Targets',
  icon: ScanLine,
  group: 'Infrastructure',
  home: 'targets',
  letter: 't',
  screens: {
    targets: () => <TargetsScreen isAdding={false} />,
    targetNew: () => <TargetsScreen isAdding />,
  },
  usePaletteItems: () => paletteItems,
}

const paletteItems = [
  { id: 'targets.new', title: 'Add target', group: 'Action', icon: Plus, run: () => navigate('targetNew') },
]
