/**
 * Asks several expressions over a range, few at a time, and again as the range moves on. What one expression answers does
 * not wait for the others to be right: each has an answer or the reason why it has none. Off screen nothing is asked, and
 * what was asked for a view that is gone is cancelled.
 */
import { useCallback, useEffect, useMemo, useRef, useSyncExternalStore } from 'react'
import { AppError, type ErrorCode } from '#shared/contract/errors.ts'
import { roundStepMs } from '#shared/domain/points.ts'
import { useClient } from '../client/client-context.tsx'
import { createResource, type ResourceState } from '../client/resource.ts'
import type { CallState } from '../client/use-call.ts'
import { useConnection } from '../client/use-connection.ts'
import type { AskedRange, PresentRange } from '../time-range/use-range.ts'
import type { InstantAnswer, RangeAnswer } from './query-answer.ts'
import { createGate } from './query-gate.ts'

export interface Question {
  readonly expr: string
  /** `range`: a value for each step; `instant`: one at the end of the range. */
  readonly mode: 'range' | 'instant'
  /** No step is shorter. Default: none. */
  readonly leastStepMs?: number
}

export type Answered =
  | { readonly kind: 'range'; readonly answer: RangeAnswer }
  | { readonly kind: 'instant'; readonly answer: InstantAnswer }
  | { readonly kind: 'failed'; readonly failure: AppError }

/** What the expression itself is to blame for: asking again would not help. */
const ownFaults: readonly ErrorCode[] = ['invalid', 'too-large', 'unprocessable']

const mostAtOnce = 4
const gate = createGate(mostAtOnce)

export interface QueriesOptions {
  readonly isEnabled?: boolean
  /** Steps over the range: about as many as can be seen. */
  readonly points: number
  /** `auto`: as often as a step can be seen; null: not by itself. */
  readonly everyMs?: 'auto' | number | null
  /** Puts into an expression what is known only when it is asked, such as the length of a step. */
  readonly write?: (expr: string, asked: AskedStretch) => string
  /** What `write` depends on: another key is another question. */
  readonly key?: string
}

export interface AskedStretch {
  readonly from: number
  readonly to: number
  readonly stepMs: number
}

const asWritten = (expr: string) => expr

const leastPauseMs = 2000

export function useQueries(
  questions: readonly Question[],
  range: PresentRange,
  { isEnabled = true, points, everyMs = 'auto', write = asWritten, key = '' }: QueriesOptions,
): CallState<readonly Answered[]> {
  const client = useClient()
  const { state: connection } = useConnection()
  const shape = JSON.stringify(questions)
  const latest = useRef({ range, write })
  latest.current = { range, write }
  // biome-ignore lint/correctness/useExhaustiveDependencies: another range or another key is another question
  const resource = useMemo(() => {
    // Written one line above from the questions themselves.
    const asked = JSON.parse(shape) as readonly Question[]
    const one = (question: Question, signal: AbortSignal) =>
      gate.through(() => ask(question, latest.current.range.ofThisMoment(), points, signal), signal)
    const ask = async (
      { expr, mode, leastStepMs = 0 }: Question,
      { from, to }: { readonly from: number; readonly to: number },
      steps: number,
      signal: AbortSignal,
    ): Promise<Answered> => {
      try {
        const stepMs = Math.max(roundStepMs(to - from, Math.max(2, steps)), Math.ceil(leastStepMs))
        const written = latest.current.write(expr, { from, to, stepMs })
        if (mode === 'instant')
          return { kind: 'instant', answer: await client.call('query.instant', { expr: written, at: to }, { signal }) }
        const first = Math.floor(from / stepMs) * stepMs
        const last = Math.max(first, Math.floor(to / stepMs) * stepMs)
        const input = { expr: written, from: first, to: last, stepMs }
        return { kind: 'range', answer: await client.call('query.range', input, { signal }) }
      } catch (error) {
        if (error instanceof AppError && ownFaults.includes(error.code)) return { kind: 'failed', failure: error }
        throw error
      }
    }
    return createResource<readonly Answered[]>(
      (signal) => Promise.all(asked.map((question) => one(question, signal))),
      Date.now,
    )
  }, [client, shape, points, range.key, key])

  const watch = useCallback(
    (changed: () => void) => (isEnabled ? resource.watch(changed) : () => {}),
    [resource, isEnabled],
  )
  const state = useSyncExternalStore(watch, resource.state)
  const pauseMs = everyMs === null ? null : everyMs === 'auto' ? automaticPause(range, points) : everyMs
  const isFollowing = isEnabled && pauseMs !== null && range.isMoving
  useEffect(() => {
    if (!isFollowing || pauseMs === null) return
    let askedAt = Date.now()
    const again = () => {
      if (document.visibilityState !== 'visible' || Date.now() - askedAt < pauseMs) return
      askedAt = Date.now()
      resource.refetch()
    }
    const endings = [client.on('metrics.advanced', again), client.onResync(() => resource.refetch())]
    return () => {
      for (const end of endings) end()
    }
  }, [client, resource, isFollowing, pauseMs])

  const before = useRef<ResourceState<readonly Answered[]>['data']>(null)
  const isSameShape = useRef(shape)
  if (isSameShape.current !== shape) {
    isSameShape.current = shape
    before.current = null
  }
  if (state.data) before.current = state.data
  const data = state.data ?? (state.failure ? null : before.current)
  const isStale = data !== null && (state.failure !== null || connection !== 'open')
  // The same object as long as nothing is new: others do something when it changes.
  return useMemo(
    () => ({ ...state, data, isStale, refetch: resource.refetch, patch: resource.patch }),
    [state, data, isStale, resource],
  )
}

/** A moving picture is asked for again when it has moved by a step that can be seen. */
function automaticPause({ from, to }: AskedRange, points: number): number {
  return Math.max(leastPauseMs, roundStepMs(to - from, Math.max(2, points)))
}
