import type { ReactNode } from 'react'
import { cx } from './class-names.ts'
import css from './problem-box.module.css'

interface ProblemBoxProps {
  /** `alert` interrupts who listens, `status` waits; neither: it was there when the screen came. */
  readonly role?: 'alert' | 'status'
  /** Of part of it only: the rest works. */
  readonly isPartial?: boolean
  readonly children: ReactNode
}

/** What is wrong with the whole of what stands below. */
export function ProblemBox({ role, isPartial, children }: ProblemBoxProps) {
  return (
    <div className={cx(css['box'], isPartial && css['partial'])} role={role}>
      {children}
    </div>
  )
}
