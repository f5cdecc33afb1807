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

export function sumOf(terms: Iterable<number>): number {
  const running = newSum()
  for (const term of terms) addTo(running, term)
  return totalOf(running)
}

/** The mean; computed incrementally where the plain sum would leave the range of numbers. NaN for no terms. */
export function meanOf(terms: ArrayLike<number> & Iterable<number>): number {
  const sum = sumOf(terms)
  if (Number.isFinite(sum) || terms.length === 0) return sum / terms.length
  let mean = 0
  let count = 0
  for (const term of terms) {
    count++
    const isInfinite = Math.abs(mean) === Number.POSITIVE_INFINITY
    if (isInfinite && (term === mean || Number.isFinite(term))) continue
    mean += term / count - mean / count
  }
  return mean
}
