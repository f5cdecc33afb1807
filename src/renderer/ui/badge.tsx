import type { ReactNode } from 'react'
import css from './badge.module.css'
import { cx } from './class-names.ts'

/** A small framed word or count. `tone` is for the abnormal only. */
export function Badge({
  tone = 'plain',
  children,
}: {
  readonly tone?: 'plain' | 'down' | 'degraded' | 'maintenance'
  readonly children: ReactNode
}) {
  return <span className={cx(css['badge'], css[tone])}>{children}</span>
}

/** `name=value`, as labels are written. */
export function LabelChip({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <span className={cx(css['badge'], css['plain'], css['label'])}>
      <span className={cx(css['name'])}>{name}=</span>
      {value}
    </span>
  )
}
