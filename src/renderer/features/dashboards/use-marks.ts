/** What a board marks on its charts: alerts, changes of checks, what Belfry said, and stretches in which a query has a value. */
import { useEffect, useMemo, useState } from 'react'
import { AppError } from '#shared/contract/errors.ts'
import type { Annotation } from '#shared/domain/dashboard/annotation.ts'
import { interpolate, interpolatePromql, type Scope } from '#shared/domain/dashboard/interpolate.ts'
import { legendOf } from '#shared/domain/dashboard/legend.ts'
import { roundStepMs } from '#shared/domain/points.ts'
import { parseDurationMs } from '#shared/promql/duration.ts'
import type { ChartMark } from '../../charts/chart-content.ts'
import { valuesOf } from '../../charts/query-answer.ts'
import { spansOf } from '../../charts/state-spans.ts'
import { useClient } from '../../client/client-context.tsx'
import type { Client } from '../../client/connect.ts'
import { useEvent } from '../../client/use-event.ts'
import type { PresentRange } from '../../time-range/use-range.ts'
import { markWord } from '../../ui/state-mark.tsx'

export interface BoardMarks {
  readonly marks: readonly ChartMark[]
  /** By the annotation's name. */
  readonly problems: ReadonlyMap<string, string>
}

const none: BoardMarks = { marks: [], problems: new Map() }
const mostAlerts = 200
const mostChecks = 12
const points = 300
/** Marks move with the range; they need not be asked for with every sample. */
const everyMs = 15_000

export function useMarks(
  annotations: readonly Annotation[],
  scope: Scope,
  range: PresentRange,
  isEnabled: boolean,
): BoardMarks {
  const client = useClient()
  const [known, setKnown] = useState<BoardMarks>(none)
  const [turn, setTurn] = useState(0)
  const shown = useMemo(() => annotations.filter(({ isShown }) => isShown), [annotations])
  const shape = JSON.stringify([shown, [...scope]])
  useEvent('alerts.changed', () => setTurn((before) => before + 1))
  useEffect(() => {
    if (!range.isMoving || shown.length === 0) return
    const timer = setInterval(() => document.visibilityState === 'visible' && setTurn((before) => before + 1), everyMs)
    return () => clearInterval(timer)
  }, [range.isMoving, shown.length])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the texts stand for what they were made of
  useEffect(() => {
    if (!isEnabled || shown.length === 0) return setKnown(none)
    const attempt = new AbortController()
    const run = async () => {
      const problems = new Map<string, string>()
      const found = await Promise.all(
        shown.map(async (annotation) => {
          try {
            return await marksOf(client, annotation, scope, range.ofThisMoment(), attempt.signal)
          } catch (error) {
            if (!(error instanceof AppError)) throw error
            problems.set(annotation.name, error.message)
            return []
          }
        }),
      )
      if (!attempt.signal.aborted) setKnown({ marks: found.flat().sort((a, b) => a.from - b.from), problems })
    }
    void run()
    return () => attempt.abort()
  }, [client, shape, range.key, turn, isEnabled])
  return known
}

interface Stretch {
  readonly from: number
  readonly to: number
}

async function marksOf(
  client: Client,
  annotation: Annotation,
  scope: Scope,
  range: Stretch,
  signal: AbortSignal,
): Promise<ChartMark[]> {
  const token = `--${annotation.color}`
  const isSeen = (from: number, to: number | null) => from < range.to && (to ?? from) >= range.from
  switch (annotation.source) {
    case 'alerts': {
      const labels = annotation.labels.map((label) => interpolate(label, scope))
      const { alerts } = await client.call(
        'alerts.list',
        { states: ['firing', 'recovering', 'resolved'], labels, limit: mostAlerts },
        { signal },
      )
      return alerts.flatMap(({ id, rule, labels: its, firedAt, resolvedAt }) => {
        if (firedAt === null || !isSeen(firedAt, resolvedAt ?? range.to)) return []
        const of = its['check'] ?? its['instance'] ?? ''
        return [{ id, from: firedAt, to: resolvedAt ?? range.to, title: [rule, of].filter(Boolean).join(' · '), token }]
      })
    }
    case 'check-changes': {
      const checks = await client.call('checks.list', {}, { signal })
      const wanted = interpolate(annotation.text, scope).toLowerCase()
      const fitting = checks.filter(
        ({ name, labels }) =>
          name.toLowerCase().includes(wanted) &&
          Object.entries(annotation.labels).every(([label, value]) => labels[label] === interpolate(value, scope)),
      )
      const timelines = await Promise.all(
        fitting.slice(0, mostChecks).map(async ({ id, name }) => {
          const { intervals } = await client.call('checks.timeline', { id, range }, { signal })
          return intervals.slice(1).map(({ from, state }) => ({
            id: `${id} ${from}`,
            from,
            to: null,
            title: `${name}: ${markWord(state)}`,
            token,
          }))
        }),
      )
      return timelines.flat()
    }
    case 'notices': {
      const notices = await client.call('console.notices', {}, { signal })
      return notices.flatMap(({ id, at, title }) =>
        isSeen(at, null) ? [{ id, from: at, to: null, title, token }] : [],
      )
    }
    case 'query': {
      const stepMs = Math.max(
        roundStepMs(range.to - range.from, points),
        parseDurationMs(interpolate(annotation.step, scope)) ?? 1,
      )
      const from = Math.floor(range.from / stepMs) * stepMs
      const to = Math.max(from, Math.floor(range.to / stepMs) * stepMs)
      const expr = interpolatePromql(annotation.expr, scope)
      const { series, times } = await client.call('query.range', { expr, from, to, stepMs }, { signal })
      return series.flatMap(({ labels, values }, index) => {
        const written = [annotation.title, annotation.text].map((text) => legendOf(interpolate(text, scope), labels))
        const title = written.filter(Boolean).join(': ') || annotation.name
        const said = () => ({ text: '', state: 'neutral' as const })
        return spansOf(times, stepMs, valuesOf(values), said, true).map((span) => ({
          id: `${annotation.name} ${index} ${span.from}`,
          from: span.from,
          to: span.to,
          title,
          token,
        }))
      })
    }
  }
}
