/** Stored series over REST. */
import { z } from 'zod'
import { AppError } from '#shared/contract/errors.ts'
import { MetricAnswer, MetricQuery } from '#shared/contract/metrics.ts'
import { parseDurationMs, parseInstant } from './instants.ts'
import { overCall, type Route } from './route.ts'

const metricQuery = z.strictObject({
  name: z.string(),
  from: z.string().default('now-1h'),
  to: z.string().default('now'),
  step: z.string().optional(),
  /** `label=value`, all of which must hold. */
  label: z.union([z.string(), z.array(z.string())]).default([]),
  reduce: MetricQuery.shape.reduce,
})

/** MetricQuery's own limit, and its default. */
const maxPoints = 4000
const defaultPoints = 600

export function metricRoutes(now: () => number): Route[] {
  return [
    overCall(
      {
        method: 'GET',
        path: '/api/monitoring/metrics',
        call: 'metrics.query',
        summary: 'One reduced range of stored series',
        query: metricQuery,
        input: ({ query }) => {
          const at = now()
          const range = { from: parseInstant(query.from, at), to: parseInstant(query.to, at) }
          const points = query.step === undefined ? defaultPoints : pointsOf(range, parseDurationMs(query.step))
          const matchers = [query.label].flat().map(matcherOf)
          return { queries: [{ metric: query.name, matchers, range, points, reduce: query.reduce }] }
        },
        answer: MetricAnswer,
        shape: (answers) => answers[0],
      },
      now,
    ),
  ]
}

function pointsOf(range: { from: number; to: number }, stepMs: number): number {
  const points = Math.max(2, Math.ceil((range.to - range.from) / stepMs))
  if (points <= maxPoints) return points
  throw new AppError(
    'invalid',
    `step: expected at most ${maxPoints} points, and this makes ${points}; use a longer step`,
  )
}

function matcherOf(text: string) {
  const match = /^([a-zA-Z_][a-zA-Z0-9_]*)(=~|!~|!=|=)(.*)$/s.exec(text)
  if (!match) throw new AppError('invalid', `label: expected name=value; got "${text.slice(0, 60)}"`)
  return { label: match[1], op: match[2], value: match[3] }
}
