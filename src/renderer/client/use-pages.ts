/**
 * A long list read page by page, whose newest page stays live. Everything that was seen stays: when new items push old
 * ones off the first page, nothing falls between the pages.
 */
import { useCallback, useEffect, useRef, useState } from 'react'
import { AppError } from '#shared/contract/errors.ts'

export interface Page<T> {
  readonly items: readonly T[]
  /** Where the next page starts; null on the last one. */
  readonly next: string | null
}

export interface Pages<T> {
  /** All that was read so far, in the list's order, without doubles. */
  readonly items: readonly T[]
  readonly hasMore: boolean
  readonly isLoading: boolean
  /** Of the last further page; reading on tries again. */
  readonly failure: AppError | null
  readonly more: () => Promise<void>
}

interface PagesOptions<T extends { readonly id: string }> {
  /** Another key is another list: what was read is forgotten. */
  readonly key: string
  /** The newest page as it is now; null while there is none. */
  readonly first: Page<T> | null
  readonly ask: (cursor: string) => Promise<Page<T>>
  readonly order: (a: T, b: T) => number
}

interface Read<T> {
  readonly key: string
  readonly items: ReadonlyMap<string, T>
  /** Undefined: no further page was read, so the first one says where to go on. */
  readonly next: string | null | undefined
}

export function usePages<T extends { readonly id: string }>({ key, first, ask, order }: PagesOptions<T>): Pages<T> {
  const [state, setState] = useState<Read<T>>({ key, items: new Map(), next: undefined })
  const [isLoading, setLoading] = useState(false)
  const [failure, setFailure] = useState<AppError | null>(null)
  const read: Read<T> = state.key === key ? state : { key, items: new Map(), next: undefined }
  const latestKey = useRef(key)
  latestKey.current = key

  useEffect(() => {
    if (!first) return
    // Only a list that was read on has anything to lose.
    setState((before) =>
      before.key === key && before.next !== undefined ? { ...before, items: added(before.items, first.items) } : before,
    )
  }, [key, first])

  const next = read.next === undefined ? (first?.next ?? null) : read.next
  const more = useCallback(async () => {
    if (next === null) return
    setLoading(true)
    setFailure(null)
    try {
      const page = await ask(next)
      if (latestKey.current !== key) return
      setState((before) => {
        const own = before.key === key ? before.items : new Map<string, T>()
        return { key, items: added(added(own, first?.items ?? []), page.items), next: page.next }
      })
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      setFailure(error)
    } finally {
      setLoading(false)
    }
  }, [ask, first, key, next])

  const items = [...added(read.items, first?.items ?? []).values()].sort(order)
  return { items, hasMore: next !== null, isLoading, failure, more }
}

function added<T extends { readonly id: string }>(
  known: ReadonlyMap<string, T>,
  items: readonly T[],
): ReadonlyMap<string, T> {
  const all = new Map(known)
  for (const item of items) all.set(item.id, item)
  return all
}
