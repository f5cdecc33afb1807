/** What a page of a wall shows now, asked again and again. The page before stays until the next one has come. */
import { useRef } from 'react'
import { type WallView, wallFeedMs } from '#shared/contract/walls.ts'
import { type CallState, useCall } from '../../client/use-call.ts'

export interface WallFeed {
  readonly view: WallView | null
  /** When the newest answer came, whichever page it was of; epoch ms of this browser. */
  readonly answeredAt: number | null
  readonly failure: CallState<WallView>['failure']
}

export function useWallFeed(name: string, page: number): WallFeed {
  const call = useCall(
    'walls.view',
    { name, page },
    { everyMs: wallFeedMs, on: { 'walls.stirred': 'refetch', 'walls.changed': 'refetch' } },
  )
  const last = useRef<{ view: WallView; at: number } | null>(null)
  if (call.data && call.dataAt !== null && call.dataAt >= (last.current?.at ?? 0)) {
    last.current = { view: call.data, at: call.dataAt }
  }
  return {
    view: call.data ?? last.current?.view ?? null,
    answeredAt: last.current?.at ?? null,
    failure: call.failure,
  }
}
