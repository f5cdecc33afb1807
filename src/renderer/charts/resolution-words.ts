import type { MetricAnswer } from '#shared/contract/metrics.ts'
import { formatDuration } from '../format/duration.ts'

/** What one point stands for: `each point 10 s`, or `averaged over 5 min` where summaries answered. Empty for none. */
export function resolutionWords(answers: readonly MetricAnswer[]): string {
  const coarsest = answers.reduce((coarse, answer) => (answer.stepMs > coarse.stepMs ? answer : coarse), {
    stepMs: 0,
    tier: 'raw',
  } as Pick<MetricAnswer, 'stepMs' | 'tier'>)
  if (coarsest.stepMs === 0) return ''
  const step = formatDuration(coarsest.stepMs)
  return coarsest.tier === 'raw' ? `each point ${step}` : `averaged over ${step}`
}
