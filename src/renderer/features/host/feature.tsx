import { Monitor } from 'lucide-react'
import type { Feature } from '../../feature.ts'
import { HostScreen } from './host-screen.tsx'

export const host: Feature = {
  id: 'host',
  title: 'This machine',
  icon: Monitor,
  group: 'Infrastructure',
  home: 'host',
  letter: 'm',
  screens: { host: () => <HostScreen /> },
}
