/** A state as shape, word and colour: each alone is enough to tell it. */

import type { TimelineState } from '#shared/contract/checks.ts'
import type { Severity } from '#shared/contract/common.ts'
import { cx } from './class-names.ts'
import css from './state-mark.module.css'

/** What can be marked: states of checks, severities of alerts. */
export type Mark = TimelineState | Severity | 'resolved'

const words: Readonly<Record<Mark, string>> = {
  up: 'Up',
  degraded: 'Degraded',
  down: 'Down',
  unknown: 'Unknown',
  maintenance: 'Maintenance',
  unobserved: 'Not observed',
  info: 'Info',
  warning: 'Warning',
  error: 'Error',
  critical: 'Critical',
  resolved: 'Resolved',
}

/** The state's word, as it stands beside its mark. */
export function markWord(mark: Mark): string {
  return words[mark]
}

interface StateMarkProps {
  readonly state: Mark
  /** Replaces the state's own word, such as `3 down`. `null`: the shape only, with the word read out. */
  readonly word?: string | null
  readonly size?: 12 | 16 | 20
}

export function StateMark({ state, word = words[state], size = 12 }: StateMarkProps) {
  return (
    <span className={cx(css['mark'])}>
      <svg width={size} height={size} viewBox="0 0 12 12" className={cx(css[state])} aria-hidden="true">
        <Shape state={state} />
      </svg>
      <span className={cx(word === null && css['heard'])}>{word ?? words[state]}</span>
    </span>
  )
}

function Shape({ state }: { readonly state: Mark }) {
  switch (state) {
    case 'up':
    case 'resolved':
      return <circle cx="6" cy="6" r="3" fill="currentColor" />
    case 'info':
      return <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="1.5" />
    case 'degraded':
    case 'warning':
      return <path d="M6 1 11.4 10.6H.6Z" fill="currentColor" stroke="var(--degraded-edge)" strokeLinejoin="round" />
    case 'down':
    case 'critical':
      return <path d="M3.2 1h5.6L11.6 6 8.8 11H3.2L.4 6Z" fill="currentColor" />
    case 'error':
      return <path d="M3.5 1.6h5L11 6 8.5 10.4h-5L1 6Z" fill="none" stroke="currentColor" strokeWidth="2" />
    case 'unknown':
      return (
        <>
          <path d="M6 .8 11.2 6 6 11.2.8 6Z" fill="none" stroke="currentColor" strokeWidth="1.2" />
          <path d="M4 4.8 7.2 8M6 2.8 9.2 6M3 6 6 9" stroke="currentColor" />
        </>
      )
    case 'maintenance':
      return (
        <path
          d="M8.4 1.2a2.9 2.9 0 0 0-3 4L1.2 9.4a1 1 0 0 0 1.4 1.4l4.2-4.2a2.9 2.9 0 0 0 4-3L9 5.4 7.2 4.9 6.6 3Z"
          fill="currentColor"
        />
      )
    case 'unobserved':
      return <path d="M2 6h1.5M5.2 6h1.6M8.5 6H10" stroke="currentColor" strokeWidth="2" />
  }
}
