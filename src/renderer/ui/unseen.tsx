import type { ReactNode } from 'react'
import { cx } from './class-names.ts'
import css from './unseen.module.css'

/** Words for those who listen, where a picture says the same to those who see. */
export function Unseen({ children }: { readonly children: ReactNode }) {
  return <span className={cx(css['unseen'])}>{children}</span>
}
