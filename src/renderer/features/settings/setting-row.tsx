/** One setting: what it is at the left, its control at the right, and what went wrong right below. */
import { createContext, type ReactNode, useContext } from 'react'
import { cx } from '../../ui/class-names.ts'
import css from './settings.module.css'

/** What is searched for, in lower case; no words: everything is shown. */
export const SearchWords = createContext<readonly string[]>([])

interface SettingRowProps {
  readonly title: string
  readonly hint?: ReactNode
  /** Further words it is found by. */
  readonly keywords?: string
  readonly problem?: string | null
  readonly children: ReactNode
}

export function SettingRow({ title, hint, keywords = '', problem, children }: SettingRowProps) {
  const words = useContext(SearchWords)
  if (!matches(`${title} ${keywords}`, words)) return null
  return (
    <div className={cx(css['row'])}>
      <div className={cx(css['what'])}>
        <div className={cx(css['rowTitle'])}>{title}</div>
        {hint && <div className={cx(css['hint'])}>{hint}</div>}
      </div>
      <div className={cx(css['control'])}>
        {children}
        {problem && (
          <p className={cx(css['problem'])} role="alert">
            {problem}
          </p>
        )}
      </div>
    </div>
  )
}

/** What belongs to a section as a whole, such as a table: found by its keywords. */
export function SettingBlock({ keywords, children }: { readonly keywords: string; readonly children: ReactNode }) {
  return matches(keywords, useContext(SearchWords)) ? children : null
}

/** Whether every word occurs in the text. */
export function matches(text: string, words: readonly string[]): boolean {
  const haystack = text.toLowerCase()
  return words.every((word) => haystack.includes(word))
}
