import { ClientProvider } from './client/client-context.tsx'
import type { Client } from './client/connect.ts'
import type { Feature } from './feature.ts'
import { alerts } from './features/alerts/feature.tsx'
import { checks } from './features/checks/feature.tsx'
import { collectors } from './features/collectors/feature.tsx'
import { dashboards } from './features/dashboards/feature.tsx'
import { explore } from './features/explore/feature.tsx'
import { host } from './features/host/feature.tsx'
import { overview } from './features/overview/feature.tsx'
import { settings } from './features/settings/feature.tsx'
import { targets } from './features/targets/feature.tsx'
import { walls } from './features/wall/feature.tsx'
import { wallInPath } from './features/wall/wall-address.ts'
import { WallPage } from './features/wall/wall-page.tsx'
import { usePlace } from './navigation/location.ts'
import { Shell } from './shell/shell.tsx'

/** All that the console shows, in the order of the rail. A new feature is a folder and a line here. */
const features: readonly Feature[] = [
  overview,
  dashboards,
  explore,
  host,
  collectors,
  checks,
  targets,
  alerts,
  walls,
  settings,
]

export function App({ client }: { readonly client: Client }) {
  const place = usePlace()
  // A screen on a wall shows its wall and no way out of it.
  const wall = wallInPath(location.pathname) ?? (place?.route === 'wall' ? place.params['name'] : undefined)
  return (
    <ClientProvider client={client}>
      {wall === undefined ? <Shell features={features} /> : <WallPage name={wall} />}
    </ClientProvider>
  )
}
