/**
 * Moves past hours from the head into chunks. The hour's series are sealed in twelve pieces, five minutes apart and in
 * order of their ids, so that no instant has to do it all and rows are only ever added at the table's end. Samples that
 * come late wait in the head for the next round and are merged into the chunk that is there.
 */

import { summarise } from '#shared/domain/rollup.ts'
import type { Samples } from '#shared/domain/series.ts'
import { dayOfHour, hourMs, hourOf, keyOf } from './calendar.ts'
import { CorruptBytes, decodeChunk, encodeChunk } from './codec/chunk.ts'
import type { Damage } from './damage.ts'
import { mergeSamples } from './merge-samples.ts'
import type { MetricsTables } from './metrics-database.ts'
import type { SampleLog } from './sample-log.ts'

const piecesPerHour = 12
const pieceMs = hourMs / piecesPerHour

interface Round {
  /** The hour it was begun in. */
  readonly hour: number
  readonly belowHour: number
  /** Series ids at which pieces end; the last is Infinity. */
  readonly ends: readonly number[]
  next: number
}

export interface Sealing {
  /** Seals one piece if one is due; true when another is due at once. */
  tend(now: number): boolean
}

/** `beforeSealing` is told which day rows are about to be written to: compaction may be at work on it. */
export function createSealing(
  tables: MetricsTables,
  log: SampleLog,
  damage: Damage,
  beforeSealing: (day: number) => void,
): Sealing {
  let round: Round | null = null
  let lastRoundHour = log.sealedBelowHour()

  const sealPiece = ({ belowHour, ends, next }: Round) => {
    const fromId = next === 0 ? 0 : (ends[next - 1] ?? 0)
    const toId = ends[next] ?? Number.POSITIVE_INFINITY
    const due = log.head
      .idsBefore(belowHour)
      .filter((id) => id >= fromId && id < toId)
      .map((id) => ({ id, hours: log.head.hoursBefore(id, belowHour) }))
    for (const day of new Set(due.flatMap(({ hours }) => hours.map(({ hour }) => dayOfHour(hour))))) beforeSealing(day)
    tables.transaction(() => {
      let added = 0
      for (const { id, hours } of due) for (const { hour, samples } of hours) added += sealHour(id, hour, samples)
      tables.saveChunkSamples(tables.chunkSamples() + added)
      log.markSealed(fromId, toId, belowHour)
    })
    for (const { id, hours } of due)
      log.head.drop(
        id,
        hours.map(({ hour }) => hour),
      )
  }

  /** Returns by how many samples the table grew. */
  const sealHour = (id: number, hour: number, samples: Samples): number => {
    const key = keyOf(hour, id)
    if (tables.addChunk(key, summarise(samples), encodeChunk(samples, hour * hourMs))) return samples.times.length
    const before = tables.chunk(hour, id)
    const merged = mergeSamples([before ? readable(id, hour, before.data) : samples, samples])
    tables.replaceChunk(key, summarise(merged), encodeChunk(merged, hour * hourMs))
    return merged.times.length - (before?.samples ?? 0)
  }

  const readable = (id: number, hour: number, data: Uint8Array): Samples => {
    try {
      return decodeChunk(data, hour * hourMs)
    } catch (error) {
      if (!(error instanceof CorruptBytes)) throw error
      damage.report(
        `The chunk of series ${id}, hour ${hour}, cannot be read: ${error.message}. Its bytes are kept aside.`,
      )
      tables.keepDamaged(hour, id)
      return { times: new Float64Array(), values: new Float64Array() }
    }
  }

  return {
    tend(now) {
      const hour = hourOf(now)
      if (!round && hour !== lastRoundHour) {
        const belowHour = sealableBelow(hour, log.sealedBelowHour(), log.head.newestHour())
        round = beginRound(hour, belowHour, log.head.idsBefore(belowHour))
      }
      if (!round || !isDue(round, now)) return false
      sealPiece(round)
      round.next++
      if (round.next < round.ends.length) return isDue(round, now)
      lastRoundHour = round.hour
      round = null
      return hour !== lastRoundHour
    },
  }
}

/**
 * Hours that are over. Samples from further ahead than the next hour come from a clock that went wrong and back: their
 * hours will not be over for long, and frames cannot wait. What was sealed stays so when the clock goes back.
 */
function sealableBelow(hour: number, sealedBelow: number, newestHeadHour: number | null): number {
  const strayBelow = newestHeadHour !== null && newestHeadHour > hour + 1 ? newestHeadHour + 1 : 0
  return Math.max(hour, sealedBelow, strayBelow)
}

/** Pieces have their times in the round's own hour; in any other hour the round is late. */
function isDue({ hour, next }: Round, now: number): boolean {
  return hourOf(now) !== hour || now >= hour * hourMs + next * pieceMs
}

/** Pieces of equal numbers of series; one piece when there are few. */
function beginRound(hour: number, belowHour: number, ids: readonly number[]): Round {
  const size = Math.max(1, Math.ceil(ids.length / piecesPerHour))
  const ends: number[] = []
  for (let at = size; at < ids.length; at += size) ends.push(ids[at] ?? Number.POSITIVE_INFINITY)
  return { hour, belowHour, ends: [...ends, Number.POSITIVE_INFINITY], next: 0 }
}
