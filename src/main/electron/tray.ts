/** The tray: gathers what it says from the console's own calls, and does what is chosen from its menu. */

import { join } from 'node:path'
import { Menu, type MenuItemConstructorOptions, nativeImage, Tray } from 'electron'
import type { Console } from '#main/console.ts'
import type { Ports } from '#main/ports.ts'
import type { Caller } from '#shared/contract/define.ts'
import type { CallName, InputOf, OutputOf } from '#shared/contract/index.ts'
import { nextMorning, type TrayView, trayViewOf } from './tray-view.ts'

export interface TrayOptions {
  readonly console: Pick<Console, 'serve' | 'events'>
  readonly ports: Pick<Ports, 'clock' | 'timers' | 'logger'>
  readonly iconDir: string
  /** Shows the window, at a place of the page if one is given. */
  readonly open: (place?: string) => void
  /** Null where the console is not served to browsers. */
  readonly openInBrowser: (() => void) | null
  readonly quit: () => void
}

const trayCaller: Caller = { role: 'admin', name: 'desktop' }
/** A burst of changes is one change of the tray, and the list of all checks is not asked for more often. */
const gatherMs = 1000
/** The longest list there is; with more alerts than that, counting them helps nobody. */
const mostAlerts = 1000
/** The age of the data is on hover. */
const ageEveryMs = 30_000

const snoozeChoices = [
  { words: 'for 30 minutes', until: (now: number) => now + 30 * 60_000 },
  { words: 'for 1 hour', until: (now: number) => now + 3_600_000 },
  { words: 'until 9:00', until: nextMorning },
] as const

/** Returns what removes it. */
export function openTray({ console, ports, ...options }: TrayOptions): () => void {
  const { clock, timers, logger } = ports
  const tray = new Tray(imageOf(options.iconDir, 'unknown'))
  const cancelling = new AbortController()
  let newestSampleAt: number | null = null
  let stopGathering: (() => void) | null = null
  let hasChanged = false

  const unsubscribe = console.events.subscribe((name, payload) => {
    // The payload's type follows from the name, which the compiler cannot see across the two parameters.
    if (name === 'metrics.advanced') {
      if (newestSampleAt === null) gatherSoon()
      newestSampleAt = (payload as { at: number }).at
    } else if (name === 'checks.changed' || name === 'checks.removed' || name === 'alerts.changed') {
      gatherSoon()
    }
  })
  const stopAges = timers.every(ageEveryMs, () => gatherSoon())
  tray.on('click', () => options.open())
  gatherSoon()

  function gatherSoon() {
    hasChanged = true
    stopGathering ??= timers.after(gatherMs, () => void gather())
  }

  /** Never two at once, so that an older answer cannot come after a newer one. */
  async function gather() {
    hasChanged = false
    try {
      await refresh()
    } catch (error) {
      logger.warn('the tray could not be refreshed', { error })
    }
    stopGathering = null
    if (hasChanged && !cancelling.signal.aborted) gatherSoon()
  }

  async function refresh() {
    const [checks, { alerts }] = await Promise.all([
      call('checks.list', {}),
      call('alerts.list', { limit: mostAlerts }),
    ])
    if (cancelling.signal.aborted) return
    const view = trayViewOf({ checks, alerts, newestSampleAt, now: clock.now() })
    tray.setImage(imageOf(options.iconDir, view.state))
    tray.setToolTip(view.tooltip)
    tray.setContextMenu(Menu.buildFromTemplate(menuOf(view)))
  }

  function menuOf(view: TrayView): MenuItemConstructorOptions[] {
    const alerts: MenuItemConstructorOptions[] = view.alerts.map((alert) => ({
      label: alert.label,
      submenu: [
        { label: 'Open', click: () => options.open(`#/alerts/${encodeURIComponent(alert.id)}`) },
        { label: 'Acknowledge', enabled: !alert.isHeld, click: () => acknowledge(alert.id) },
        { type: 'separator' },
        ...snoozesOf('Snooze', [alert.id]),
      ],
    }))
    const snoozes = snoozesOf('Snooze all alerts', view.firingIds)
    const browser: MenuItemConstructorOptions[] = options.openInBrowser
      ? [{ label: 'Open in browser', click: options.openInBrowser }]
      : []
    const groups = [
      alerts,
      view.firingIds.length > 0 ? snoozes : [],
      [
        { label: 'Open Belfry', click: () => options.open() },
        { label: 'Walls…', click: () => options.open('#/walls') },
        ...browser,
      ],
      [{ label: 'Quit (watching stops)', click: options.quit }],
    ]
    const separator: MenuItemConstructorOptions = { type: 'separator' }
    return groups
      .filter((group) => group.length > 0)
      .flatMap((group, index) => (index === 0 ? group : [separator, ...group]))
  }

  function snoozesOf(what: string, ids: readonly string[]): MenuItemConstructorOptions[] {
    return snoozeChoices.map(({ words, until }) => ({
      label: `${what} ${words}`,
      click: () => void call('alerts.snooze', { ids: [...ids], until: until(clock.now()) }).catch(failed('snoozed')),
    }))
  }

  function acknowledge(id: string) {
    void call('alerts.acknowledge', { ids: [id] }).catch(failed('acknowledged'))
  }

  /** The menu is gone by then: the log tells it, and the alert stays as it was. */
  function failed(what: string) {
    return (error: unknown) => logger.warn(`an alert could not be ${what} from the tray`, { error })
  }

  async function call<K extends CallName>(name: K, input: InputOf<K>): Promise<OutputOf<K>> {
    const reply = await console.serve(name, input, trayCaller, cancelling.signal)
    if (!reply.ok) throw new Error(`${name}: ${reply.message}`)
    // Parsed by `serve` with the schema this type is inferred from.
    return reply.value as never
  }

  return () => {
    unsubscribe()
    stopAges()
    stopGathering?.()
    cancelling.abort()
    tray.destroy()
  }
}

function imageOf(iconDir: string, state: TrayView['state']) {
  // Electron takes the @2x file beside it by itself.
  return nativeImage.createFromPath(join(iconDir, `tray-${state}.png`))
}
