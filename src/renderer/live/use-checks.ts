/**
 * All checks, kept up to date. Changes come one by one and are gathered, so that a console with ten thousand checks
 * redraws a few times a second and not a thousand times.
 */
import { useEffect } from 'react'
import type { CheckView } from '#shared/contract/checks.ts'
import { useClient } from '../client/client-context.tsx'
import { type CallState, useCall } from '../client/use-call.ts'

const gatherMs = 250

/** The list as it is; many may ask for it, `useChecksFeed` keeps it up to date for all of them. */
export function useChecks(): CallState<CheckView[]> {
  return useCall('checks.list', {})
}

/** Brings what changes into the list. Once for the whole window: each copy of it would go through all checks again. */
export function useChecksFeed(): void {
  const client = useClient()
  const { patch } = useChecks()
  useEffect(() => {
    let changes = new Map<string, CheckView | null>()
    let timer: ReturnType<typeof setTimeout> | undefined
    const apply = () => {
      const gathered = changes
      changes = new Map()
      timer = undefined
      patch((list) => applyChanges(list, gathered))
    }
    const gather = (id: string, change: CheckView | null) => {
      changes.set(id, change)
      timer ??= setTimeout(apply, gatherMs)
    }
    const ends = [
      client.on('checks.changed', (check) => gather(check.id, check)),
      client.on('checks.removed', ({ id }) => gather(id, null)),
      () => clearTimeout(timer),
    ]
    return () => {
      for (const end of ends) end()
    }
  }, [client, patch])
}

/** The list with each changed check in its place, new ones at the end; null takes a check away. */
export function applyChanges(list: readonly CheckView[], changes: ReadonlyMap<string, CheckView | null>): CheckView[] {
  const known = new Set(list.map(({ id }) => id))
  const kept = list.flatMap((check) => {
    const change = changes.get(check.id)
    if (change === undefined) return [check]
    return change === null ? [] : [change]
  })
  const added = [...changes.values()].filter((change) => change !== null)
  return [...kept, ...added.filter(({ id }) => !known.has(id))]
}
