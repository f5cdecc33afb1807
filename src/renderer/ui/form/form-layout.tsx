/** The layout of a form that fills a screen: panels of fields on the left, what comes of them on the right. */
import type { ReactNode } from 'react'
import { cx } from '../class-names.ts'
import css from './form-layout.module.css'

interface LayoutProps {
  readonly children: ReactNode
}

/** Two columns, one below the other where the screen is narrow. */
export function FormColumns({ isEven, children }: LayoutProps & { readonly isEven?: boolean }) {
  return <div className={cx(css['columns'], isEven && css['even'])}>{children}</div>
}

export function FormColumn({ children }: LayoutProps) {
  return <div className={cx(css['column'])}>{children}</div>
}

/** Fields of one panel. */
export function FormStack({ isDense, children }: LayoutProps & { readonly isDense?: boolean }) {
  return <div className={cx(css['stack'], isDense && css['dense'])}>{children}</div>
}
