/** Where the user is. The fragment is the only truth; going somewhere is setting it. */
import { useMemo, useSyncExternalStore } from 'react'
import { href, type Place, placeOf, type Query, type RouteName, type RouteParams } from './routes.ts'

type Guard = () => boolean

let guard: Guard | null = null
let current = location.hash

addEventListener('hashchange', () => {
  if (location.hash === current) return
  if (guard && !guard()) {
    history.replaceState(null, '', current || '#/')
    return
  }
  current = location.hash
  for (const listener of [...listeners]) listener()
})
const listeners = new Set<() => void>()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

/** The present place; null for an address that names none. */
export function usePlace(): Place | null {
  const hash = useSyncExternalStore(subscribe, () => current)
  return useMemo(() => placeOf(hash), [hash])
}

/** Goes to a place, adding to the history. */
export function navigate<R extends RouteName>(...to: Parameters<typeof href<R>>): void {
  location.hash = href(...to)
}

/** Changes the query of the present place without a new history entry: filters, tabs, the range. */
export function replaceQuery(change: Query): void {
  const place = placeOf(current)
  if (!place) return
  const query = { ...Object.fromEntries(place.query), ...change }
  // The place was parsed from an address, so its parameters fit its route.
  const next = href(place.route as 'check', place.params as RouteParams<'check'>, query)
  if (next === current) return
  history.replaceState(null, '', next)
  current = next
  for (const listener of [...listeners]) listener()
}

/** Asked before leaving, for unsaved changes; answers whether to go. Returns what removes it. */
export function guardLeaving(ask: Guard): () => void {
  guard = ask
  return () => {
    if (guard === ask) guard = null
  }
}
