/** The ends an acknowledgement or a snooze may have, as choices and as typed. */
import { zoneOffsetMs } from '../../format/instant.ts'

export interface UntilChoice {
  readonly id: string
  readonly label: string
  /** The instant it stands for, epoch ms. */
  readonly at: (now: number, zone: string) => number
}

const minuteMs = 60_000
const hourMs = 3_600_000
const dayMs = 86_400_000

const after = (id: string, label: string, lengthMs: number): UntilChoice => ({ id, label, at: (now) => now + lengthMs })

export const untilChoices: readonly UntilChoice[] = [
  after('30m', '30 minutes', 30 * minuteMs),
  after('1h', '1 hour', hourMs),
  after('4h', '4 hours', 4 * hourMs),
  after('24h', '24 hours', dayMs),
  { id: 'morning', label: 'Until 9:00', at: nextMorning },
]

/** The next 9:00 on the clocks of the zone, at least a minute away. */
function nextMorning(now: number, zone: string): number {
  const wall = now + zoneOffsetMs(now, zone)
  const today = Math.floor(wall / dayMs) * dayMs + 9 * hourMs
  const target = today - wall >= minuteMs ? today : today + dayMs
  // The offset of the target's own day: a clock change may lie between.
  return target - zoneOffsetMs(target - zoneOffsetMs(now, zone), zone)
}
