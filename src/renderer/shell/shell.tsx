/** The frame around every screen: rail, status bar, what Belfry says of itself, and the screen in the middle. */
import { useEffect, useState } from 'react'
import { useCall } from '../client/use-call.ts'
import { useConnection } from '../client/use-connection.ts'
import type { Feature } from '../feature.ts'
import { keepFocus } from '../keys/keep-focus.ts'
import { listenForKeys } from '../keys/key-map.ts'
import { KeySheet } from '../keys/key-sheet.tsx'
import { useKeys } from '../keys/use-keys.ts'
import { noteSeen } from '../live/last-seen.ts'
import { useChecksFeed } from '../live/use-checks.ts'
import { Link } from '../navigation/link.tsx'
import { navigate, usePlace } from '../navigation/location.ts'
import { useAppearance } from '../theme/appearance.ts'
import { togglePaused } from '../time-range/range-store.ts'
import { cx } from '../ui/class-names.ts'
import { EmptyState } from '../ui/placeholder.tsx'
import { ToastRegion } from '../ui/toast-region.tsx'
import { AlertSound } from './alert-sound.tsx'
import { ConnectionBanner } from './connection-banner.tsx'
import { ConsolePalette } from './console-palette.tsx'
import { NoticesBanner } from './notices-banner.tsx'
import { Rail } from './rail.tsx'
import { ScreenBoundary } from './screen-boundary.tsx'
import { SessionPage } from './session-page.tsx'
import css from './shell.module.css'
import { StatusBar } from './status-bar.tsx'
import { useNewcomers } from './use-newcomers.ts'
import { useTab } from './use-tab.ts'

export function Shell({ features }: { readonly features: readonly Feature[] }) {
  const { state } = useConnection()
  const [open, setOpen] = useState<'palette' | 'keys' | null>(null)
  const close = () => setOpen(null)
  useSettingsAppearance()
  useChecksFeed()
  useNewcomers()
  useTab(features)
  useEffect(() => listenForKeys(window), [])
  useEffect(noteSeen, [])
  useEffect(() => keepFocus(screenElement), [])
  useGlobalKeys(features, setOpen)

  if (state === 'unauthenticated') return <SessionPage />
  return (
    <div className={cx(css['shell'])}>
      <button type="button" className={cx(css['skip'])} onClick={focusScreen}>
        Skip to the screen
      </button>
      <Rail features={features} onKeys={() => setOpen('keys')} isOld={state !== 'open'} />
      <div className={cx(css['column'])}>
        <StatusBar onPalette={() => setOpen('palette')} />
        <ConnectionBanner />
        <NoticesBanner />
        <main id="screen" tabIndex={-1} className={cx(css['screen'], state !== 'open' && css['old'])}>
          <Screen features={features} />
        </main>
      </div>
      <ToastRegion />
      <AlertSound />
      {open === 'palette' && <ConsolePalette features={features} onClose={close} />}
      <KeySheet isOpen={open === 'keys'} onClose={close} />
    </div>
  )
}

function Screen({ features }: { readonly features: readonly Feature[] }) {
  const place = usePlace()
  const draw = place && features.map(({ screens }) => screens[place.route]).find((screen) => screen !== undefined)
  if (!place || !draw) {
    return (
      <EmptyState title="There is nothing at this address" action={<Link to="overview">Go to the overview</Link>}>
        The link may be from another version of Belfry.
      </EmptyState>
    )
  }
  return <ScreenBoundary key={`${place.route} ${JSON.stringify(place.params)}`}>{draw(place.params)}</ScreenBoundary>
}

/** The console's settings decide how the window looks; until they are known, what was used last does. */
function useSettingsAppearance(): void {
  const settings = useCall('settings.get', {}, { on: { 'settings.changed': (_, changed) => changed } })
  const appearance = settings.data?.appearance
  useEffect(() => {
    if (appearance) useAppearance.getState().set(appearance)
  }, [appearance])
}

function useGlobalKeys(features: readonly Feature[], open: (what: 'palette' | 'keys') => void): void {
  useKeys('Everywhere', [
    { keys: 'mod+k', title: 'Go to or do anything', run: () => open('palette') },
    { keys: '?', title: 'Show the keys', run: () => open('keys') },
    { keys: 'p', title: 'Pause or play all charts', run: togglePaused },
  ])
  useKeys(
    'Go to',
    features.map(({ letter, title, home }) => ({
      keys: `g ${letter}`,
      title,
      // A feature's home has no parameters.
      run: () => navigate(home as 'overview'),
    })),
  )
}

function focusScreen(): void {
  screenElement()?.focus()
}

function screenElement(): HTMLElement | null {
  return document.getElementById('screen')
}
