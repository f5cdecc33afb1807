/**
 * A question and its answer as a screen needs them: loading, the data, the failure, and how old what is shown is. Asks
 * again on the named events, on a resync and when the page becomes visible; never while it is hidden.
 */
import { useCallback, useEffect, useEffectEvent, useSyncExternalStore } from 'react'
import type { CallName, EventName, InputOf, OutputOf, PayloadOf } from '#shared/contract/index.ts'
import { useClientAccess } from './client-context.tsx'
import type { ResourceState } from './resource.ts'

export interface CallState<T> extends ResourceState<T> {
  /** Data is shown that a newer attempt could not confirm, or the connection is gone. */
  readonly isStale: boolean
  refetch(): void
  patch(change: (data: T) => T): void
}

/** What an event does to the data: ask again, or change it in place. */
export type EventReactions<T> = { readonly [E in EventName]?: 'refetch' | ((data: T, payload: PayloadOf<E>) => T) }

export interface UseCallOptions<T> {
  readonly on?: EventReactions<T>
  /** Ask again this often while visible, for what has no event. */
  readonly everyMs?: number
  /** Events ask again at most this often. Default 250 ms. */
  readonly atMostEveryMs?: number
  /** False: do not ask (off screen, or an input is missing). Default true. */
  readonly isEnabled?: boolean
  /** What makes two questions the same, when `input` is a function whose result moves. */
  readonly key?: string
}

export function useCall<K extends CallName>(
  name: K,
  input: InputOf<K> | (() => InputOf<K>),
  options: UseCallOptions<OutputOf<K>> = {},
): CallState<OutputOf<K>> {
  const { client, resource: resourceOf } = useClientAccess()
  const { isEnabled = true, everyMs, atMostEveryMs = 250 } = options
  const key = options.key ?? JSON.stringify(input)
  const resource = resourceOf(name, key, typeof input === 'function' ? (input as () => InputOf<K>) : () => input)

  const reactionTo = useEffectEvent((event: EventName) => options.on?.[event])
  const reactsTo = Object.keys(options.on ?? {}).join(' ')

  const watch = useCallback(
    (changed: () => void) => (isEnabled ? resource.watch(changed) : () => {}),
    [resource, isEnabled],
  )
  const state = useSyncExternalStore(watch, resource.state)
  const connection = useSyncExternalStore(client.onState, () => client.state)

  useEffect(() => {
    if (!isEnabled) return
    const again = throttled(() => whenVisible(() => resource.refetch()), atMostEveryMs)
    const names = reactsTo.split(' ').filter((name): name is EventName => name !== '')
    const endings = names.map((event) =>
      client.on(event, (payload) => {
        const reaction = reactionTo(event)
        if (reaction === 'refetch') again.run()
        // The reaction stored under the event's name takes that event's payload.
        else if (reaction)
          resource.patch((data) => (reaction as (d: typeof data, p: unknown) => typeof data)(data, payload))
      }),
    )
    endings.push(
      client.onResync(() => resource.refetch()),
      again.stop,
    )
    if (everyMs !== undefined) {
      const timer = setInterval(() => whenVisible(() => resource.refetch()), everyMs)
      endings.push(() => clearInterval(timer))
    }
    if (names.length > 0 || everyMs !== undefined) {
      const shown = () => {
        if (document.visibilityState === 'visible') resource.refetch()
      }
      document.addEventListener('visibilitychange', shown)
      endings.push(() => document.removeEventListener('visibilitychange', shown))
    }
    return () => {
      for (const end of endings) end()
    }
  }, [client, resource, isEnabled, everyMs, atMostEveryMs, reactsTo])

  return {
    ...state,
    isStale: state.data !== null && (state.failure !== null || connection !== 'open'),
    refetch: resource.refetch,
    patch: resource.patch,
  }
}

function whenVisible(run: () => void): void {
  if (document.visibilityState === 'visible') run()
}

/** The first run is at once, further ones are gathered into one at the end of the pause. */
function throttled(run: () => void, pauseMs: number): { run: () => void; stop: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined
  let isDue = false
  const fire = () => {
    isDue = false
    run()
    timer = setTimeout(() => {
      timer = undefined
      if (isDue) fire()
    }, pauseMs)
  }
  return {
    run() {
      if (timer === undefined) fire()
      else isDue = true
    },
    stop: () => clearTimeout(timer),
  }
}
