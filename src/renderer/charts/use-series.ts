/**
 * Asks for reduced series over the range of all screens, again as samples come in, but not more often than a step can
 * be seen. What was shown stays until the next answer is there.
 */
import { useRef } from 'react'
import type { InputOf, OutputOf } from '#shared/contract/index.ts'
import { type CallState, useCall } from '../client/use-call.ts'
import type { AskedRange } from '../time-range/use-range.ts'

type QueryInput = InputOf<'metrics.query'>['queries'][number]
/** A query without its range, which is the screens'. */
export type SeriesQuery = Omit<QueryInput, 'range'>

const leastPauseMs = 1000
/** A moving chart is asked for again when it has moved by this share of itself. */
const visibleShare = 1 / 300

export function useSeries(
  queries: readonly SeriesQuery[],
  range: AskedRange,
  options: { readonly isEnabled?: boolean } = {},
): CallState<OutputOf<'metrics.query'>> {
  const { from, to } = range
  const key = `${JSON.stringify(queries)} ${range.key}`
  const call = useCall(
    'metrics.query',
    () => ({ queries: queries.map((query) => ({ ...query, range: { from, to } })) }),
    {
      key,
      isEnabled: options.isEnabled ?? true,
      ...(range.isMoving ? { on: { 'metrics.advanced': 'refetch' } as const } : {}),
      atMostEveryMs: Math.max(leastPauseMs, (to - from) * visibleShare),
    },
  )
  const before = useRef(call.data)
  if (call.data) before.current = call.data
  return call.data || call.failure ? call : { ...call, data: before.current }
}
