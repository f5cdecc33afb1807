import type { PanelState } from '#shared/domain/dashboard/values.ts'
import { StateMark } from '../ui/state-mark.tsx'

/** The shape of a state, its word read out. Nothing where it says nothing. */
export function ReadingMark({ state, size = 12 }: { readonly state: PanelState; readonly size?: 12 | 16 | 20 }) {
  return state === 'neutral' ? null : <StateMark state={state} word={null} size={size} />
}

/** The word of a state, as tables say it. */
export function stateWord(state: PanelState): string {
  return state === 'neutral' ? '' : words[state]
}

const words: Readonly<Record<Exclude<PanelState, 'neutral'>, string>> = {
  up: 'Up',
  degraded: 'Degraded',
  down: 'Down',
  unknown: 'Unknown',
  maintenance: 'Maintenance',
}
