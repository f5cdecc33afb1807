/**
 * Brings appended samples to the storage worker: one batch at a time, a tick after the first sample or at once on flush.
 * A batch that could not be written is kept and tried again, in order, with all that came since; only when too much has
 * piled up are samples refused.
 */
import type { AppendInput, SampleBatch, SeriesRow } from '#main/store/metrics/messages.ts'
import type { Timers } from '../ports.ts'
import { createSampleBuffer } from './sample-buffer.ts'

export interface SampleWriter {
  /** False when nothing more is taken: the disk has refused for too long. */
  push(id: number, at: number, value: number): boolean
  pushStale(id: number, at: number): boolean
  /** The series becomes durable together with the next batch. */
  declare(series: SeriesRow): void
  /** Resolves when all that was pushed before is durable; rejects when writing fails, and nothing is lost then. */
  flush(): Promise<void>
  stop(): void
}

/** How long samples wait for company. */
const tickMs = 250
const retryMs = 1000
/** Forty megabytes: an hour of 500 series every second. */
const mostWaiting = 2_000_000

export function createSampleWriter(
  send: (batch: AppendInput) => Promise<void>,
  timers: Timers,
  onOutcome: (outcome: { batch: SampleBatch } | { error: unknown }) => void,
): SampleWriter {
  const buffer = createSampleBuffer()
  let newSeries: SeriesRow[] = []
  let unsent: AppendInput | null = null
  let sending: Promise<void> | null = null
  let stopTimer: (() => void) | null = null
  let pushed = 0
  let durable = 0

  const schedule = (delayMs: number) => {
    stopTimer ??= timers.after(delayMs, () => {
      stopTimer = null
      // The outcome is told by onOutcome; whoever needs to know calls flush.
      sendNext().catch(() => {})
    })
  }

  const sendNext = (): Promise<void> => {
    sending ??= sendBatch().finally(() => {
      sending = null
      if (unsent) schedule(retryMs)
      else if (buffer.size() > 0 || newSeries.length > 0) schedule(tickMs)
    })
    return sending
  }

  const sendBatch = async () => {
    const batch = unsent ?? { ...buffer.take(), newSeries }
    if (!unsent) newSeries = []
    unsent = batch
    try {
      await send(batch)
    } catch (error) {
      onOutcome({ error })
      throw error
    }
    unsent = null
    durable += batch.ids.length
    onOutcome({ batch })
  }

  const take = (push: () => void): boolean => {
    if (buffer.size() >= mostWaiting) return false
    push()
    pushed++
    if (!sending) schedule(tickMs)
    return true
  }

  return {
    push: (id, at, value) => take(() => buffer.push(id, at, value)),
    pushStale: (id, at) => take(() => buffer.pushStale(id, at)),
    declare: (series) => void newSeries.push(series),
    async flush() {
      const target = pushed
      while (durable < target) await sendNext()
    },
    stop() {
      stopTimer?.()
      stopTimer = null
    },
  }
}
