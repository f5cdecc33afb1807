/** From a series of numbers to the stretches in which they said the same. Pure. */
import type { PanelState } from '#shared/domain/dashboard/values.ts'
import type { Values } from './column-math.ts'

export interface StateSpan {
  readonly from: number
  readonly to: number
  readonly text: string
  readonly state: PanelState
}

/**
 * One stretch for each run of steps; a step without a value ends it and is in none. With `merges`, neighbours that read
 * the same are one.
 */
export function spansOf(
  times: readonly number[],
  stepMs: number,
  values: Values,
  read: (value: number) => { readonly text: string; readonly state: PanelState },
  merges: boolean,
): StateSpan[] {
  const spans: StateSpan[] = []
  for (const [step, from] of times.entries()) {
    const value = values[step] ?? null
    if (value === null) continue
    const { text, state } = read(value)
    const last = spans.at(-1)
    if (merges && last && last.to === from && last.text === text && last.state === state) {
      spans[spans.length - 1] = { ...last, to: from + stepMs }
    } else {
      spans.push({ from, to: from + stepMs, text, state })
    }
  }
  return spans
}
