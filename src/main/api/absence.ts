import type { CheckService } from '#main/checks/service.ts'
import type { Notices } from '#main/notices.ts'
import type { Clock } from '#main/ports.ts'
import type { HandlersOf } from '#shared/contract/index.ts'
import { blindnessOf, checkNewsOf } from '#shared/domain/absence.ts'

const mostNews = 100
const mostStretches = 50
/** Of longer absences the end is told. */
const longestMs = 30 * 86_400_000

export function absenceHandlers({
  clock,
  checks,
  notices,
}: {
  readonly clock: Clock
  readonly checks: Pick<CheckService, 'timelines'>
  readonly notices: Pick<Notices, 'since'>
}): HandlersOf<'absence'> {
  return {
    async 'absence.report'({ since: asked }) {
      const now = clock.now()
      const since = Math.min(Math.max(asked, now - longestMs), now)
      const watched = since < now ? await checks.timelines({ from: since, to: now }) : []
      const troubled = checkNewsOf(watched)
      return {
        since,
        checks: watched.length,
        troubled: troubled.slice(0, mostNews),
        troubledCount: troubled.length,
        blind: blindnessOf(watched).slice(-mostStretches),
        notices: notices.since(since),
      }
    },
  }
}
