/** Asks what a panel shows, over the board's range or its own stretch of it, with the board's variables put in. */
import { useCallback, useMemo } from 'react'
import { builtInValues } from '#shared/domain/dashboard/built-in.ts'
import { interpolate, interpolatePromql, type Scope } from '#shared/domain/dashboard/interpolate.ts'
import type { DataPanel } from '#shared/domain/dashboard/panels.ts'
import { parseDurationMs } from '#shared/promql/duration.ts'
import { type Answered, type AskedStretch, type Question, useQueries } from '../../charts/use-queries.ts'
import type { CallState } from '../../client/use-call.ts'
import type { PresentRange } from '../../time-range/use-range.ts'
import { shownTargets } from './panel-frames.ts'

export interface PanelContext {
  readonly title: string
  readonly scope: Scope
  readonly range: PresentRange
  /** `auto`: as there is something new; null: not by itself. */
  readonly everyMs: 'auto' | number | null
}

interface Asked {
  readonly answer: CallState<readonly Answered[]>
  readonly range: PresentRange
}

/** Widths that differ by less than this ask for the same. */
const widthStep = 160
const pixelsAPoint = 2
const mostPoints = 800

export function usePanelData(
  panel: DataPanel,
  { title, scope, range: boardRange, everyMs }: PanelContext,
  { width, isEnabled }: { readonly width: number; readonly isEnabled: boolean },
): Asked {
  const range = usePanelRange(panel, boardRange, scope)
  const questions = useMemo(
    () =>
      shownTargets(panel).map(
        ({ expr, mode, minStep }): Question => ({
          expr,
          mode,
          leastStepMs: parseDurationMs(interpolate(minStep, scope)) ?? 0,
        }),
      ),
    [panel, scope],
  )
  const write = useCallback(
    (expr: string, stretch: AskedStretch) =>
      interpolatePromql(expr, new Map([...builtInValues({ ...stretch, title }), ...scope])),
    [scope, title],
  )
  const key = useMemo(() => JSON.stringify([...scope]), [scope])
  const wide = Math.ceil(width / widthStep) * widthStep
  const points = panel.maxPoints ?? Math.min(mostPoints, Math.max(60, wide / pixelsAPoint))
  const answer = useQueries(questions, range, { isEnabled: isEnabled && width > 0, points, everyMs, write, key })
  return { answer, range }
}

/** The board's range, unless the panel has a stretch of its own or looks back further. */
function usePanelRange(
  { timeFrom, timeShift }: Pick<DataPanel, 'timeFrom' | 'timeShift'>,
  range: PresentRange,
  scope: Scope,
): PresentRange {
  const lengthMs = parseDurationMs(interpolate(timeFrom, scope))
  const shiftMs = parseDurationMs(interpolate(timeShift, scope)) ?? 0
  return useMemo(() => {
    if (lengthMs === null && shiftMs === 0) return range
    const own = ({ from, to }: { readonly from: number; readonly to: number }) => ({
      from: (lengthMs === null ? from : to - lengthMs) - shiftMs,
      to: to - shiftMs,
    })
    return {
      ...range,
      ...own(range),
      key: `${range.key} ${lengthMs} ${shiftMs}`,
      ofThisMoment: () => own(range.ofThisMoment()),
    }
  }, [range, lengthMs, shiftMs])
}
