/** The first screen of a new console: this machine is live already; one box makes the first check. */

import { Link } from '../../navigation/link.tsx'
import { cx } from '../../ui/class-names.ts'
import { Panel, ScreenHeader } from '../../ui/panel.tsx'
import { AlertsPanel } from './alerts-panel.tsx'
import { FirstCheck } from './first-check.tsx'
import { NotificationTest } from './notification-test.tsx'
import css from './overview.module.css'
import { SignalsStrip } from './signals-strip.tsx'

export function Welcome() {
  return (
    <div className={cx(css['screen'], css['welcome'])}>
      <ScreenHeader
        title="Belfry is watching this machine"
        note="Nothing to set up. These numbers are kept from now on."
      />
      <SignalsStrip minutes={5} />
      <Panel title="Watch something else">
        <FirstCheck />
        <p className={cx(css['muted'])}>
          Exporters, or a prometheus.yml that you have: <Link to="targets">Targets</Link> scrapes them as they are.
        </p>
      </Panel>
      <div className={cx(css['halves'])}>
        <Panel title="Will you hear it?">
          <NotificationTest />
        </Panel>
        <AlertsPanel />
      </div>
    </div>
  )
}
