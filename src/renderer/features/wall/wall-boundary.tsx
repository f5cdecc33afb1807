/** A wall that breaks has nobody to press a button: it says what happened and loads itself again, ever more seldom. */
import { Component, type ReactNode } from 'react'
import { cx } from '../../ui/class-names.ts'
import css from './wall-page.module.css'

const countKey = 'belfry.wall.failures'
const firstPauseMs = 10_000
const longestPauseMs = 600_000

export class WallBoundary extends Component<{ readonly children: ReactNode }, { readonly error: unknown }> {
  override state: { readonly error: unknown } = { error: null }

  static getDerivedStateFromError(error: unknown) {
    return { error }
  }

  override componentDidCatch() {
    const failures = Number(sessionStorage.getItem(countKey) ?? 0)
    sessionStorage.setItem(countKey, String(failures + 1))
    setTimeout(() => location.reload(), Math.min(longestPauseMs, firstPauseMs * 2 ** failures))
  }

  override render() {
    const { error } = this.state
    if (error === null) return this.props.children
    return (
      <main className={cx(css['message'])} role="alert">
        <h1>This wall failed</h1>
        <p>{error instanceof Error ? error.message : String(error)}</p>
        <p>It will be loaded again by itself.</p>
      </main>
    )
  }
}
