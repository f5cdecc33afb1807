import { Database, Plus } from 'lucide-react'
import type { Feature } from '../../feature.ts'
import { navigate } from '../../navigation/location.ts'
import { CollectorFormScreen } from './collector-form-screen.tsx'
import { CollectorScreen } from './collector-screen.tsx'
import { CollectorsScreen } from './collectors-screen.tsx'

export const collectors: Feature = {
  id: 'collectors',
  title: 'Collectors',
  icon: Database,
  group: 'Infrastructure',
  home: 'collectors',
  letter: 'l',
  screens: {
    collectors: () => <CollectorsScreen />,
    collector: ({ id = '' }) => <CollectorScreen id={id} />,
    collectorNew: () => <CollectorFormScreen id={null} />,
    collectorEdit: ({ id = '' }) => <CollectorFormScreen id={id} />,
  },
  usePaletteItems: () => paletteItems,
}

const paletteItems = [
  { id: 'collectors.new', title: 'New collector', group: 'Action', icon: Plus, run: () => navigate('collectorNew') },
]
