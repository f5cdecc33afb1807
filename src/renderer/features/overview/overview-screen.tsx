import { ScreenHeader } from '../../ui/panel.tsx'

export function OverviewScreen() {
  return <ScreenHeader title="Overview" />
}
