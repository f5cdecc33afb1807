/** Which backups are kept: the newest of each of the last days, and of each of the last weeks. Times are instants. */

export interface BackupRetention {
  /** Days with a backup, counted from the newest. */
  readonly keepDaily: number
  /** Weeks with a backup, counted from the newest; weeks begin on Monday. */
  readonly keepWeekly: number
}

/**
 * Ids to keep of backups in any order. The newest is always kept, whatever the numbers. Days and weeks are those of UTC:
 * a backup a night falls into one of each wherever the night is.
 */
export function backupsToKeep(
  backups: readonly { readonly id: string; readonly takenAt: number }[],
  { keepDaily, keepWeekly }: BackupRetention,
): ReadonlySet<string> {
  const newestFirst = [...backups].sort((a, b) => b.takenAt - a.takenAt)
  const kept = new Set(newestFirst.slice(0, 1).map(({ id }) => id))
  for (const [periodOf, most] of [
    [dayOf, keepDaily],
    [weekOf, keepWeekly],
  ] as const) {
    const seen = new Set<number>()
    for (const { id, takenAt } of newestFirst) {
      const period = periodOf(takenAt)
      if (seen.has(period)) continue
      if (seen.size >= most) break
      seen.add(period)
      kept.add(id)
    }
  }
  return kept
}

const dayMs = 86_400_000
const dayOf = (at: number) => Math.floor(at / dayMs)
/** The epoch was a Thursday. */
const weekOf = (at: number) => Math.floor((dayOf(at) + 3) / 7)
