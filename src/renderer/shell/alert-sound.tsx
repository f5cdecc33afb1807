/** Sounds while an alert waits for somebody, if the settings want it: at once when it fires, then every half minute. */
import { useEffect } from 'react'
import type { AlertView } from '#shared/contract/alerts.ts'
import type { Settings } from '#shared/contract/settings.ts'
import { parseQuietHours, quietUntil } from '#shared/domain/quiet-hours.ts'
import { compareSeverity } from '#shared/domain/severity.ts'
import { useCall } from '../client/use-call.ts'
import { useNow } from '../format/use-now.ts'
import { useActiveAlerts } from '../live/use-active-alerts.ts'
import { playMelody, waitingSeverity, whileAloneToSound } from './alert-melody.ts'

const againMs = 30_000

/** A component, for the time that passes must not draw the whole shell anew. */
export function AlertSound() {
  const settings = useCall('settings.get', {}, { on: { 'settings.changed': (_, changed) => changed } }).data
  const alerts = useActiveAlerts().data?.alerts
  return settings?.notifications.sound && alerts ? <Sounding settings={settings} alerts={alerts} /> : null
}

function Sounding({ settings, alerts }: { readonly settings: Settings; readonly alerts: readonly AlertView[] }) {
  const now = useNow()
  const { leastSeverity, quietHours, quietExcept } = settings.notifications
  const worst = waitingSeverity(alerts, leastSeverity, now)
  const hours = parseQuietHours(quietHours)
  const isQuiet = hours !== null && quietUntil(hours, now, settings.appearance.timeZone) !== null
  const severity = worst !== null && isQuiet && compareSeverity(worst, quietExcept) < 0 ? null : worst
  useEffect(() => {
    if (severity === null) return
    return whileAloneToSound(() => {
      const context = new AudioContext()
      playMelody(severity, context)
      const again = setInterval(() => playMelody(severity, context), againMs)
      return () => {
        clearInterval(again)
        void context.close()
      }
    })
  }, [severity])
  return null
}
