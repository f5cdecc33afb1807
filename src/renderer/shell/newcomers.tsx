/** New alerts, told once: as a toast for eyes, and politely to those who listen. */
import { useState } from 'react'
import { useEvent } from '../client/use-event.ts'
import { navigate } from '../navigation/location.ts'
import { cx } from '../ui/class-names.ts'
import { showToast } from '../ui/toasts.ts'
import css from './newcomers.module.css'

export function Newcomers() {
  const [told, setTold] = useState('')
  useEvent('inbox.added', ({ event, severity, title, alertId }) => {
    setTold(event === 'fired' ? `New ${severity} alert: ${title}` : title)
    const action = alertId === null ? null : { label: 'Open', run: () => navigate('alert', { id: alertId }) }
    showToast({ message: title, tone: event === 'fired' && severity !== 'info' ? 'alert' : 'plain', action })
  })
  return (
    <div aria-live="polite" className={cx(css['heard'])}>
      {told}
    </div>
  )
}
