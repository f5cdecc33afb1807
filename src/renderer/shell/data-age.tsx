import { useState } from 'react'
import { isTooOld } from '#shared/domain/data-age.ts'
import { useCall } from '../client/use-call.ts'
import { useEvent } from '../client/use-event.ts'
import { formatAge } from '../format/duration.ts'
import { useAtNow } from '../format/use-now.ts'
import { noteConsoleInstant } from '../live/console-time.ts'
import { cx } from '../ui/class-names.ts'
import css from './status-bar.module.css'

/** Until the settings are known. */
const usualMs = 5000

/**
 * How long ago the last samples came. A connection that is open and brings nothing looks alive everywhere else, so the
 * instant of the arrival counts, whatever the samples say.
 */
export function DataAge() {
  const [arrivedAt, setArrivedAt] = useState<number | null>(null)
  const settings = useCall('settings.get', {}, { on: { 'settings.changed': (_, changed) => changed } })
  const everyMs = settings.data?.collection.fastMs ?? usualMs
  useEvent('metrics.advanced', ({ at }) => {
    noteConsoleInstant(at, Date.now())
    setArrivedAt(Date.now())
  })
  const isOld = useAtNow((now) => isTooOld(arrivedAt, everyMs, now))
  const age = useAtNow((now) => (arrivedAt === null ? null : formatAge(Math.max(0, now - arrivedAt))))
  if (age === null) return null
  return isOld ? (
    <span className={cx(css['oldAge'])} role="status">
      No data for {age}
    </span>
  ) : (
    <span className={cx(css['age'], css['spare'])} title="Age of the newest samples">
      {age === 'now' ? 'Updated now' : `Updated ${age} ago`}
    </span>
  )
}
