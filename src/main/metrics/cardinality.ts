/** The budget of active series: a source that invents labels is refused before it fills memory and disk. */

export interface Cardinality {
  /** The series was appended to. */
  touch(id: number, now: number): void
  /** Whether one more series may become active. */
  hasRoom(now: number): boolean
  active(now: number): number
}

/** A series without samples for this long is not active any more. */
const activeMs = 3_600_000

export function createCardinality(maxActiveSeries: number): Cardinality {
  const touchedAt = new Map<number, number>()
  const active = (now: number) => {
    for (const [id, at] of touchedAt) if (now - at > activeMs) touchedAt.delete(id)
    return touchedAt.size
  }
  return {
    touch: (id, now) => void touchedAt.set(id, now),
    hasRoom: (now) => touchedAt.size < maxActiveSeries || active(now) < maxActiveSeries,
    active,
  }
}
