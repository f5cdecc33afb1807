/** What a view shows when it has no data to show: nothing yet, nothing there, or a failure. And how old data says so. */
import { CircleSlash, type LucideIcon, RotateCw, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import type { CallFailure } from '../client/resource.ts'
import type { CallState } from '../client/use-call.ts'
import { formatAge, formatDuration } from '../format/duration.ts'
import { useNow } from '../format/use-now.ts'
import { Button } from './button.tsx'
import { cx } from './class-names.ts'
import css from './placeholder.module.css'

/** Nothing is there: why, and the one thing to do about it. */
export function EmptyState({
  icon: Icon = CircleSlash,
  title,
  children,
  action,
}: {
  readonly icon?: LucideIcon
  readonly title: string
  readonly children?: ReactNode
  readonly action?: ReactNode
}) {
  return (
    <div className={cx(css['placeholder'])}>
      <Icon size={20} aria-hidden className={cx(css['icon'])} />
      <p className={cx(css['title'])}>{title}</p>
      {children && <div className={cx(css['text'])}>{children}</div>}
      {action}
    </div>
  )
}

/** Nothing could be had: what came instead, since when, and another try. */
export function FailedState({
  what,
  failure,
  onRetry,
}: {
  /** What is missing, such as `Checks`. */
  readonly what: string
  readonly failure: CallFailure
  readonly onRetry?: () => void
}) {
  const now = useNow()
  return (
    <div className={cx(css['placeholder'])} role="alert">
      <TriangleAlert size={20} aria-hidden className={cx(css['failedIcon'])} />
      <p className={cx(css['title'])}>{what} could not be loaded</p>
      <p className={cx(css['text'])}>
        {failure.message} {now - failure.since >= 5000 && `Since ${formatDuration(now - failure.since)}.`}
      </p>
      {onRetry && (
        <Button icon={RotateCw} size="small" onPress={onRetry}>
          Try again
        </Button>
      )}
    </div>
  )
}

/** Says that what is shown is old, how old, and why. Nothing while it is fresh. */
export function StaleBadge({ of }: { readonly of: CallState<unknown> }) {
  const now = useNow()
  if (!of.isStale || of.dataAt === null) return null
  return (
    <span className={cx(css['stale'])} title={of.failure?.message ?? 'Belfry cannot be reached.'}>
      {formatAge(Math.max(0, now - of.dataAt))} old
    </span>
  )
}

/** Grey bars in the place of what is coming. `lines` is about as many as will come. */
export function Skeleton({ lines = 3, height }: { readonly lines?: number; readonly height?: number }) {
  if (height !== undefined) return <div className={cx(css['block'])} style={{ height }} aria-busy="true" />
  return (
    <div className={cx(css['skeleton'])} aria-busy="true" role="status" aria-label="Loading">
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the bars are all alike and never move
        <span key={line} className={cx(css['bar'])} style={{ width: `${92 - ((line * 37) % 40)}%` }} />
      ))}
    </div>
  )
}

/**
 * The four states of a question in one place: loading, failed without data, data (greyed when stale). Emptiness is the
 * caller's to recognise.
 */
export function Answer<T>({
  of,
  what,
  loading = <Skeleton />,
  children,
}: {
  readonly of: CallState<T>
  readonly what: string
  readonly loading?: ReactNode
  readonly children: (data: T) => ReactNode
}) {
  if (of.data !== null) return <div className={cx(css['answer'], of.isStale && css['old'])}>{children(of.data)}</div>
  if (of.failure) return <FailedState what={what} failure={of.failure} onRetry={of.refetch} />
  return loading
}
