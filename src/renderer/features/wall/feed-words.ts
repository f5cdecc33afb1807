/** How old what a wall shows is, in words, and from when on that is loud. Pure. */
import { wallFeedMs } from '#shared/contract/walls.ts'
import { formatAge } from '../../format/duration.ts'

/** Two intervals without an answer. */
const feedStoppedMs = 2 * wallFeedMs
/** The slowest tier that is measured all the time is half a minute; twice that is a gap. */
const measuredStaleMs = 90_000

export interface FeedWords {
  readonly isLoud: boolean
  readonly text: string
}

export interface FeedFacts {
  /** When the last answer came, epoch ms of this browser; null before the first. */
  readonly answeredAt: number | null
  readonly now: number
  readonly isConnected: boolean
  /** By the console's clock. */
  readonly at: number | null
  readonly observedAt: number | null
}

export function feedWords({ answeredAt, now, isConnected, at, observedAt }: FeedFacts): FeedWords {
  if (answeredAt === null)
    return { isLoud: !isConnected, text: isConnected ? 'Waiting for Belfry' : 'Belfry cannot be reached' }
  const ageMs = Math.max(0, now - answeredAt)
  if (ageMs >= feedStoppedMs || !isConnected) {
    const why = isConnected ? 'No answer from Belfry' : 'Belfry cannot be reached'
    return {
      isLoud: ageMs >= feedStoppedMs,
      text: ageMs < feedStoppedMs ? updated(ageMs) : `${why} for ${formatAge(ageMs)}`,
    }
  }
  if (at !== null && observedAt !== null && at - observedAt > measuredStaleMs) {
    return { isLoud: true, text: `Nothing measured for ${formatAge(at - observedAt)}` }
  }
  return { isLoud: false, text: updated(ageMs) }
}

const updated = (ageMs: number) => `updated ${ageMs < 1000 ? 'now' : `${formatAge(ageMs)} ago`}`
