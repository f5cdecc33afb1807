import { cx } from '../../../ui/class-names.ts'
import { StateMark } from '../../../ui/state-mark.tsx'
import css from '../wall.module.css'

/** A page without anything to show; `isGood`: which is as it should be. */
export function Nothing({ title, isGood = false }: { readonly title: string; readonly isGood?: boolean }) {
  return (
    <div className={cx(css['nothing'])}>
      <StateMark state={isGood ? 'up' : 'unobserved'} word={title} />
    </div>
  )
}
