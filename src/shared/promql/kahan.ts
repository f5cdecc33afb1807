/** Compensated summation, so that a sum does not depend on the order of its terms' sizes. */

/** Source: A. Neumaier (1974); prometheus/promql/functions.go, kahanSumInc. Infinite totals carry no compensation. */
export interface Running {
  sum: number
  compensation: number
}

export const newSum = (): Running => ({ sum: 0, compensation: 0 })

export function addTo(running: Running, term: number): void {
  const total = running.sum + term
  if (!Number.isFinite(total)) running.compensation = 0
  else if (Math.abs(running.sum) >= Math.abs(term)) running.compensation += running.sum - total + term
  else running.compensation += term - total + running.sum
  running.sum = total
}

export function totalOf(running: Running): number {
  return Number.isFinite(running.sum) ? running.sum + running.compensation : running.sum
}

/**
 * The mean of `values[from, to)`: the sum by the count, and incrementally from where the sum would leave the range of
 * numbers. NaN for none. Source: prometheus/promql/functions.go, avg_over_time.
 */
export function meanOf(values: ArrayLike<number>, from = 0, to = values.length): number {
  const running = newSum()
  for (let index = from; index < to; index++) {
    const { sum, compensation } = running
    addTo(running, values[index] ?? Number.NaN)
    if (Math.abs(running.sum) !== Number.POSITIVE_INFINITY || index === from) continue
    const mean = { sum: sum / (index - from), compensation: compensation / (index - from) }
    return meanContinued(mean, values, from, index, to)
  }
  return meanOfSum(running, to - from)
}

export const meanOfSum = ({ sum, compensation }: Running, count: number) => sum / count + compensation / count

/** `mean`: of `values[from, next)`. */
function meanContinued(mean: Running, values: ArrayLike<number>, from: number, next: number, to: number): number {
  for (let index = next; index < to; index++) {
    const count = index - from + 1
    mean.sum *= (count - 1) / count
    mean.compensation *= (count - 1) / count
    addTo(mean, (values[index] ?? Number.NaN) / count)
  }
  return totalOf(mean)
}
