/**
 * Which frames' samples are in chunks already. Sealing goes over the series in pieces; each piece leaves the mark that
 * its series are sealed for all hours before `belowHour` as far as frames up to `frame` brought them. After a restart
 * the frames are replayed and whatever a mark covers is left out.
 */

export interface SealedRange {
  /** The range reaches to the next one's `fromId`. */
  readonly fromId: number
  readonly belowHour: number
  /** Sequence number of the newest frame that was in the head when the piece was sealed. */
  readonly frame: number
}

/** Ascending by `fromId`; the first begins at 0. */
export type SealedRanges = readonly SealedRange[]

export const nothingSealed: SealedRanges = [{ fromId: 0, belowHour: 0, frame: 0 }]

/** The ranges after the series in `[fromId, toId)` were sealed. */
export function markSealed(
  ranges: SealedRanges,
  fromId: number,
  toId: number,
  mark: Omit<SealedRange, 'fromId'>,
): SealedRanges {
  const after = rangeOf(ranges, toId)
  const marked = [
    ...ranges.filter((range) => range.fromId < fromId),
    { ...mark, fromId },
    ...(Number.isFinite(toId) ? [{ ...after, fromId: toId }] : []),
    ...ranges.filter((range) => range.fromId > toId),
  ]
  return marked.filter((range, i) => {
    const before = marked[i - 1]
    return !before || before.belowHour !== range.belowHour || before.frame !== range.frame
  })
}

/** Whether a sample that `frame` brought is in a chunk. */
export function isSealed(ranges: SealedRanges, id: number, hour: number, frame: number): boolean {
  const range = rangeOf(ranges, id)
  return hour < range.belowHour && frame <= range.frame
}

/** Every frame up to `frame` whose samples all lie before `belowHour` is not needed any more. */
export function coveredByAll(ranges: SealedRanges): Omit<SealedRange, 'fromId'> {
  return {
    belowHour: Math.min(...ranges.map((range) => range.belowHour)),
    frame: Math.min(...ranges.map((range) => range.frame)),
  }
}

function rangeOf(ranges: SealedRanges, id: number): SealedRange {
  let found = ranges[0] ?? { fromId: 0, belowHour: 0, frame: 0 }
  for (const range of ranges) if (range.fromId <= id) found = range
  return found
}
