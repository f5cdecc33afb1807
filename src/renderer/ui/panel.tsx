import { type ReactNode, useId } from 'react'
import { cx } from './class-names.ts'
import css from './panel.module.css'

interface PanelProps {
  readonly title?: ReactNode
  /** Beside the title: what is shown, its unit or resolution. */
  readonly note?: ReactNode
  /** At the right end of the header. */
  readonly actions?: ReactNode
  /** False for tables and charts that fill the panel to its border. Default true. */
  readonly isPadded?: boolean
  readonly className?: string
  readonly children: ReactNode
}

/** A framed part of a screen with its own heading. */
export function Panel({ title, note, actions, isPadded = true, className, children }: PanelProps) {
  const id = useId()
  return (
    <section className={cx(css['panel'], className)} {...(title ? { 'aria-labelledby': id } : {})}>
      {(title || actions) && (
        <header className={cx(css['header'])}>
          <h2 id={id} className={cx(css['title'])}>
            {title}
          </h2>
          {note && <span className={cx(css['note'])}>{note}</span>}
          {actions && <div className={cx(css['actions'])}>{actions}</div>}
        </header>
      )}
      <div className={cx(css['body'], isPadded && css['padded'])}>{children}</div>
    </section>
  )
}

/** The heading of a screen with what can be done there. */
export function ScreenHeader({
  title,
  note,
  actions,
}: {
  readonly title: ReactNode
  readonly note?: ReactNode
  readonly actions?: ReactNode
}) {
  return (
    <header className={cx(css['screenHeader'])}>
      <h1 className={cx(css['screenTitle'])}>{title}</h1>
      {note && <span className={cx(css['note'])}>{note}</span>}
      {actions && <div className={cx(css['actions'])}>{actions}</div>}
    </header>
  )
}
