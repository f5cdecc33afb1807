import { powerMonitor } from 'electron'
import type { Power } from '#main/ports.ts'

/** The machine's sleep as Electron tells it. Only once the application is ready. */
export function electronPower(): Power {
  return {
    onChange(listener) {
      const sleeping = () => listener('sleeping')
      const awake = () => listener('awake')
      powerMonitor.on('suspend', sleeping)
      powerMonitor.on('resume', awake)
      return () => {
        powerMonitor.off('suspend', sleeping)
        powerMonitor.off('resume', awake)
      }
    },
  }
}
