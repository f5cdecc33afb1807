/** One number as panels show it: its text, what it means, and where it came from. */
import type { PanelState } from '#shared/domain/dashboard/values.ts'
import type { Values } from './column-math.ts'

export interface ReadItem {
  readonly id: string
  readonly label: string
  readonly value: number | null
  readonly text: string
  readonly state: PanelState
  /** What it was reduced from; empty where there was one value only. */
  readonly values: Values
  /** Where it lies between the ends of its scale, 0..1; null where there is no scale. */
  readonly share: number | null
}

/** What takes the state's colour. */
export type StateColors = 'none' | 'value' | 'background'

/** The theme's colour of a state; null: nothing is said by it. */
export function stateToken(state: PanelState): string | null {
  return state === 'neutral' ? null : `--${state}`
}
