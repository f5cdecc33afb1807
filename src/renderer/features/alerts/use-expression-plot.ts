/** The line behind an alert: its rule's expression over the time around it, for a chart with the threshold. */
import { useEffect, useMemo, useState } from 'react'
import type { AlertDetail } from '#shared/contract/alerts.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { OutputOf } from '#shared/contract/index.ts'
import { useSeries } from '../../charts/use-series.ts'
import type { CallState } from '../../client/use-call.ts'
import type { AskedRange } from '../../time-range/use-range.ts'
import { type ExpressionPlot, plotOf } from './expression-plot.ts'
import { lineOf, type PlottedLine } from './plot-line.ts'

const points = 300
const leastBeforeMs = 30 * 60_000
const afterMs = 15 * 60_000

export interface AlertPlot {
  /** Undefined: still being read; null: the expression has no line to draw. */
  readonly plot: ExpressionPlot | null | undefined
  readonly line: PlottedLine | null
  readonly stepMs: number
  readonly range: AskedRange
  readonly answer: CallState<OutputOf<'metrics.query'>>
}

export function useExpressionPlot({ alert, expr }: AlertDetail): AlertPlot {
  const [plot, setPlot] = useState<ExpressionPlot | null | undefined>(undefined)
  const labels = alert.labels
  useEffect(() => {
    let isShown = true
    void readPlot(expr, labels).then((read) => isShown && setPlot(read))
    return () => {
      isShown = false
    }
  }, [expr, labels])

  const range = useMemo(() => rangeAround(alert.activeAt, alert.resolvedAt), [alert.activeAt, alert.resolvedAt])
  const queries = useMemo(() => plot?.queries.map((query) => ({ ...query, points })) ?? [], [plot])
  const answer = useSeries(queries, range, { isEnabled: queries.length > 0 })
  const line = useMemo(
    () => (plot && answer.data ? lineOf(plot, answer.data, labels) : null),
    [plot, answer.data, labels],
  )
  return { plot, line, stepMs: answer.data?.[0]?.stepMs ?? 0, range, answer }
}

/** The grammar is fetched with the first alert that is opened. Null: an expression this screen cannot read. */
async function readPlot(expr: string, labels: AlertDetail['alert']['labels']): Promise<ExpressionPlot | null> {
  const { parsePromql } = await import('#shared/promql/parse.ts')
  try {
    return plotOf(parsePromql(expr).expr, labels)
  } catch (error) {
    // The rule itself says what is wrong with it; here there is only no line.
    if (error instanceof AppError) return null
    throw error
  }
}

/** From some time before it began until some time after it ended, or until now. */
function rangeAround(activeAt: number, resolvedAt: number | null): AskedRange {
  const now = Date.now()
  const beforeMs = Math.max(leastBeforeMs, ((resolvedAt ?? now) - activeAt) / 3)
  const from = Math.floor(activeAt - beforeMs)
  const to = resolvedAt === null ? now : Math.min(now, resolvedAt + afterMs)
  return { from, to, isMoving: false, key: `${from} ${resolvedAt ?? 'now'}` }
}
