import { useEffect } from 'react'
import { useConnection } from '../client/use-connection.ts'
import type { Feature } from '../feature.ts'
import { useActiveAlerts } from '../live/use-active-alerts.ts'
import { useChecks } from '../live/use-checks.ts'
import { usePlace } from '../navigation/location.ts'
import { tabStateOf, tabTitle } from './tab-state.ts'

const icons = {
  well: '/icon.svg',
  degraded: '/icon-degraded.svg',
  down: '/icon-down.svg',
  unknown: '/icon-unknown.svg',
}

/** Keeps the title and the icon of the browser's tab in step with how things stand. */
export function useTab(features: readonly Feature[]): void {
  const { state } = useConnection()
  const checks = useChecks()
  const alerts = useActiveAlerts()
  const place = usePlace()
  const screen = features.find(({ screens }) => place !== null && screens[place.route] !== undefined)
  const isLive = state === 'open' || (state === 'connecting' && checks.data === null)
  const tab = tabStateOf(checks.data, alerts.data?.alerts ?? null, isLive)
  const title = tabTitle(tab, screen?.title ?? null)
  useEffect(() => {
    document.title = title
  }, [title])
  useEffect(() => {
    document.querySelector('link[rel=icon]')?.setAttribute('href', icons[tab.icon])
  }, [tab.icon])
}
