import { useEffect, useMemo, useSyncExternalStore } from 'react'
import type { CheckHistory, CheckView } from '#shared/contract/checks.ts'
import { AppError } from '#shared/contract/errors.ts'
import { useClient } from '../../client/client-context.tsx'
import type { Client } from '../../client/connect.ts'
import { createHistoryCache, type HistoryCache } from './history-cache.ts'

const freshForMs = 60_000
/** How often what stays in sight is looked over for histories that have grown old. */
const lookOverMs = 15_000
/** Rows that are scrolled past are not asked for. */
const settleMs = 80

const caches = new WeakMap<Client, HistoryCache>()

export interface CheckHistories {
  readonly histories: ReadonlyMap<string, CheckHistory>
  readonly failure: AppError | null
}

/** Histories of these checks, asked for while they are in sight. */
export function useCheckHistories(inSight: readonly CheckView[]): CheckHistories {
  const cache = cacheOf(useClient())
  const histories = useSyncExternalStore(cache.subscribe, cache.histories)
  const failure = useSyncExternalStore(cache.subscribe, cache.failure)
  // A check that changed its state has a new beat at once.
  const key = inSight.map(({ id, state, stateSince }) => `${id} ${state} ${stateSince}`).join('\n')
  const ids = useMemo(() => (key === '' ? [] : key.split('\n').map(versionOf)), [key])
  useEffect(() => {
    for (const { id, version } of ids) cache.refresh(id, version)
    const want = () => {
      if (document.visibilityState === 'visible') cache.want(ids.map(({ id }) => id))
    }
    const timer = setTimeout(want, settleMs)
    const ticking = setInterval(want, lookOverMs)
    return () => {
      clearTimeout(timer)
      clearInterval(ticking)
    }
  }, [cache, ids])
  return { histories, failure }
}

function versionOf(line: string): { id: string; version: string } {
  const [id = '', ...version] = line.split(' ')
  return { id, version: version.join(' ') }
}

function cacheOf(client: Client): HistoryCache {
  const known = caches.get(client)
  if (known) return known
  const cache = createHistoryCache({
    ask: (ids) => client.call('checks.histories', { ids: [...ids] }),
    now: Date.now,
    isExpected: (error): error is AppError => error instanceof AppError,
    freshForMs,
  })
  client.onResync(() => cache.expireAll())
  caches.set(client, cache)
  return cache
}
