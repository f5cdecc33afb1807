/** Answers to several queries on the times of the coarsest of them, so that their series can stand in one chart. */
import type { MetricAnswer } from '#shared/contract/metrics.ts'

export function alignAnswers(answers: readonly MetricAnswer[]): readonly MetricAnswer[] {
  const withData = answers.filter(({ series }) => series.length > 0)
  const coarsest = withData.reduce<MetricAnswer | null>(
    (coarse, answer) => (coarse === null || answer.stepMs > coarse.stepMs ? answer : coarse),
    null,
  )
  if (!coarsest) return answers
  const { times, stepMs } = coarsest
  return answers.map((answer) => {
    if (isSame(answer.times, times)) return { ...answer, times, stepMs }
    const indexes = new Map(answer.times.map((at, index) => [at, index]))
    const series = answer.series.map(({ labels, values }) => ({
      labels,
      values: times.map((at) => values[indexes.get(at) ?? -1] ?? null),
    }))
    return { ...answer, times, stepMs, series }
  })
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a === b || (a.length === b.length && a[0] === b[0] && a.at(-1) === b.at(-1))
}
