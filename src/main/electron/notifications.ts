/** The desktop port over Electron's own notifications: a click opens what it speaks of. */
import { Notification } from 'electron'
import type { Desktop, Timers } from '#main/ports.ts'

/** A desktop that has not taken a notification by then will not. */
const shownWithinMs = 10_000
/** Not every desktop says when one is closed, so only so many are kept for a click. */
const mostKept = 100

export function electronDesktop(timers: Timers, onClick: (link: string) => void): Desktop {
  // A notification that is garbage collected loses its click.
  const shown = new Set<Notification>()
  const keep = (notification: Notification) => {
    shown.add(notification)
    const [oldest] = shown
    if (!oldest || shown.size <= mostKept) return
    oldest.removeAllListeners('click')
    shown.delete(oldest)
  }
  return {
    notify: ({ title, body, severity, link, silent }) =>
      new Promise((resolve, reject) => {
        const urgency = severity === 'critical' ? 'critical' : severity === 'info' ? 'low' : 'normal'
        const notification = new Notification({ title, body, silent, urgency })
        const stopTimer = timers.after(shownWithinMs, () => {
          shown.delete(notification)
          reject(new Error(`The desktop did not show the notification within ${shownWithinMs / 1000} s`))
        })
        notification.on('show', () => {
          stopTimer()
          resolve()
        })
        notification.on('failed', (_event, reason) => {
          stopTimer()
          shown.delete(notification)
          reject(new Error(`The desktop refused the notification: ${reason}`))
        })
        notification.on('click', () => {
          if (link !== undefined) onClick(link)
        })
        notification.on('close', () => shown.delete(notification))
        keep(notification)
        notification.show()
      }),
    async describe() {
      const mechanism = 'Electron notification'
      if (Notification.isSupported()) return { available: true, mechanism }
      return { available: false, mechanism, reason: 'This desktop has no notification service' }
    },
  }
}
