import { ClientProvider } from './client/client-context.tsx'
import type { Client } from './client/connect.ts'
import type { Feature } from './feature.ts'
import { alerts } from './features/alerts/feature.tsx'
import { checks } from './features/checks/feature.tsx'
import { host } from './features/host/feature.tsx'
import { overview } from './features/overview/feature.tsx'
import { settings } from './features/settings/feature.tsx'
import { Shell } from './shell/shell.tsx'

/** All that the console shows, in the order of the rail. A new feature is a folder and a line here. */
const features: readonly Feature[] = [overview, host, checks, alerts, settings]

export function App({ client }: { readonly client: Client }) {
  return (
    <ClientProvider client={client}>
      <Shell features={features} />
    </ClientProvider>
  )
}
