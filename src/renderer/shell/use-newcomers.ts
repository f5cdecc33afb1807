import { useEvent } from '../client/use-event.ts'
import { navigate } from '../navigation/location.ts'
import { showToast } from '../ui/toasts.ts'

/** New alerts, told once: as a toast, which is read out to those who listen. */
export function useNewcomers(): void {
  useEvent('inbox.added', ({ event, severity, title, alertId }) => {
    const isNew = event === 'fired'
    showToast({
      message: isNew ? `New ${severity} alert: ${title}` : title,
      tone: isNew && severity !== 'info' ? 'alert' : 'plain',
      action: alertId === null ? null : { label: 'Open', run: () => navigate('alert', { id: alertId }) },
    })
  })
}
