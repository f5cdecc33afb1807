import { Activity, Plus } from 'lucide-react'
import type { Feature } from '../../feature.ts'
import { navigate } from '../../navigation/location.ts'
import { CheckFormScreen } from './check-form-screen.tsx'
import { CheckScreen } from './check-screen.tsx'
import { ChecksScreen } from './checks-screen.tsx'

export const checks: Feature = {
  id: 'checks',
  title: 'Checks',
  icon: Activity,
  group: 'Infrastructure',
  home: 'checks',
  letter: 'c',
  screens: {
    checks: () => <ChecksScreen />,
    check: ({ id = '' }) => <CheckScreen id={id} />,
    checkNew: () => <CheckFormScreen id={null} />,
    checkEdit: ({ id = '' }) => <CheckFormScreen id={id} />,
  },
  usePaletteItems: () => paletteItems,
}

const paletteItems = [
  { id: 'checks.new', title: 'New check', group: 'Action', icon: Plus, run: () => navigate('checkNew') },
]
