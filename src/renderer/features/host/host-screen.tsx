import { ScreenHeader } from '../../ui/panel.tsx'

export function HostScreen() {
  return <ScreenHeader title="This machine" />
}
