import type { Wall } from '#shared/contract/walls.ts'

/** The IANA name of the zone a wall's clock shows; `local` is the screen's own. */
export function zoneOfWall({ timeZone }: Pick<Wall, 'timeZone'>): string {
  const local = Intl.DateTimeFormat().resolvedOptions().timeZone
  if (timeZone === 'local') return local
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone
  } catch {
    // A zone this browser does not know yet: the clock goes on, under the name of the zone it shows.
    return local
  }
}
