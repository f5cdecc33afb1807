/** How everything stands, the worst first; until there is a check, the welcome. */
import { Plus } from 'lucide-react'
import { useChecks } from '../../live/use-checks.ts'
import { navigate } from '../../navigation/location.ts'
import { Button } from '../../ui/button.tsx'
import { cx } from '../../ui/class-names.ts'
import { ScreenHeader } from '../../ui/panel.tsx'
import { AlertsPanel } from './alerts-panel.tsx'
import { ChecksPanel } from './checks-panel.tsx'
import { NewsPanel } from './news-panel.tsx'
import css from './overview.module.css'
import { SignalsStrip } from './signals-strip.tsx'
import { Welcome } from './welcome.tsx'

export function OverviewScreen() {
  const checks = useChecks()
  if (checks.data?.length === 0) return <Welcome />
  return (
    <div className={cx(css['screen'])}>
      <ScreenHeader
        title="Overview"
        actions={
          <Button size="small" icon={Plus} onPress={() => navigate('checkNew')}>
            Add a check
          </Button>
        }
      />
      <SignalsStrip minutes={30} />
      <div className={cx(css['columns'])}>
        <ChecksPanel checks={checks} />
        <div className={cx(css['side'])}>
          <AlertsPanel />
          <NewsPanel />
        </div>
      </div>
    </div>
  )
}
