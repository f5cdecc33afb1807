/** Hands the connection and the resources shared over it to the screens. */
import { createContext, type ReactNode, useContext, useMemo } from 'react'
import type { CallName, InputOf, OutputOf } from '#shared/contract/index.ts'
import type { Client } from './connect.ts'
import { createResource, type Resource } from './resource.ts'

/** Answers kept for the way back to a screen; the least recently used go first. */
const keptResources = 200

export interface ClientAccess {
  readonly client: Client
  /** The same object for the same key. `input` is called for each attempt, so that a moving range moves. */
  resource<K extends CallName>(name: K, key: string, input: () => InputOf<K>): Resource<OutputOf<K>>
}

const ClientContext = createContext<ClientAccess | null>(null)

export function ClientProvider({ client, children }: { readonly client: Client; readonly children: ReactNode }) {
  const access = useMemo(() => createAccess(client), [client])
  return <ClientContext value={access}>{children}</ClientContext>
}

export function useClientAccess(): ClientAccess {
  const access = useContext(ClientContext)
  if (!access) throw new Error('a screen was drawn outside of ClientProvider')
  return access
}

/** The connection itself: for commands. Questions belong in useCall. */
export function useClient(): Client {
  return useClientAccess().client
}

function createAccess(client: Client): ClientAccess {
  const resources = new Map<string, { resource: Resource<unknown>; input: () => unknown }>()
  return {
    client,
    resource<K extends CallName>(name: K, key: string, input: () => InputOf<K>) {
      const id = `${name} ${key}`
      const known = resources.get(id)
      if (known) {
        resources.delete(id)
        resources.set(id, known)
        known.input = input
        // Stored under the call's name, so it is the resource of that call's output.
        return known.resource as Resource<OutputOf<K>>
      }
      const entry: { resource: Resource<unknown>; input: () => unknown } = {
        input,
        resource: createResource<unknown>(
          // The entry's latest input function, of the same call by construction.
          (signal) => client.call(name, entry.input() as InputOf<K>, { signal }),
          Date.now,
        ),
      }
      resources.set(id, entry)
      for (const oldest of resources.keys()) {
        if (resources.size <= keptResources) break
        resources.delete(oldest)
      }
      return entry.resource as Resource<OutputOf<K>>
    },
  }
}
