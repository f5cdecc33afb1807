/**
 * The durable log of samples and the head that it keeps in memory. A batch is one frame, committed with the series it
 * names before anything is answered. What sealing has put into chunks is marked; a frame is dropped when all that it
 * brought is sealed, always from the oldest on, so that what is left replays to the same head.
 */
import { CorruptBytes } from './codec/chunk.ts'
import type { Damage } from './damage.ts'
import { decodeFrame, encodeFrame } from './frame.ts'
import { createHead, type Head } from './head.ts'
import type { AppendInput } from './messages.ts'
import type { MetricsTables } from './metrics-database.ts'
import { coveredByAll, isSealed, markSealed } from './sealed-ranges.ts'

export interface SampleLog {
  readonly head: Head
  /** Returns when the batch is durable. */
  append(input: AppendInput): void
  /** Within the transaction that writes the chunks: series in `[fromId, toId)` are sealed for hours before `belowHour`. */
  markSealed(fromId: number, toId: number, belowHour: number): void
  /** Every series is sealed for all hours before this one. */
  sealedBelowHour(): number
  /** Drops some frames that are not needed any more; true when there are more. */
  dropFrames(): boolean
}

/** Frames dropped in one go. */
const framesPerDrop = 250

/** Rebuilds the head from the frames. A frame that cannot be read is reported and left out. */
export function openSampleLog(tables: MetricsTables, damage: Damage): SampleLog {
  const head = createHead()
  const frames: { seq: number; newestHour: number }[] = []
  let ranges = tables.sealedRanges()
  let newestSeq = Math.max(...ranges.map((range) => range.frame))

  for (const { seq, newest_hour, data } of tables.frames()) {
    frames.push({ seq, newestHour: newest_hour })
    newestSeq = Math.max(newestSeq, seq)
    try {
      head.put(decodeFrame(data), (id, hour) => isSealed(ranges, id, hour, seq))
    } catch (error) {
      if (!(error instanceof CorruptBytes)) throw error
      damage.report(`Frame ${seq} of the newest samples cannot be read: ${error.message}.`)
    }
  }

  return {
    head,
    append(input) {
      const seq = newestSeq + 1
      const frame = input.ids.length > 0 ? encodeFrame(input) : null
      tables.transaction(() => {
        for (const row of input.newSeries) tables.addSeries(row)
        if (frame) tables.addFrame(seq, frame.newestHour, frame.bytes)
      })
      if (!frame) return
      newestSeq = seq
      frames.push({ seq, newestHour: frame.newestHour })
      head.put(input)
    },
    markSealed(fromId, toId, belowHour) {
      ranges = markSealed(ranges, fromId, toId, { belowHour, frame: newestSeq })
      tables.saveSealedRanges(ranges)
    },
    sealedBelowHour: () => coveredByAll(ranges).belowHour,
    dropFrames() {
      const covered = coveredByAll(ranges)
      const needed = frames.findIndex(({ seq, newestHour }) => seq > covered.frame || newestHour >= covered.belowHour)
      const droppable = needed < 0 ? frames.length : needed
      const dropped = frames.slice(0, Math.min(droppable, framesPerDrop))
      const last = dropped.at(-1)
      if (!last) return false
      tables.transaction(() => tables.dropFrames(last.seq))
      frames.splice(0, dropped.length)
      return droppable > dropped.length
    },
  }
}
