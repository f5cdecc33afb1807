/** What people do with alerts: each changes a record and leaves a line in its history. Pure; refusals are AppErrors. */
import { AppError } from '#shared/contract/errors.ts'
import { closeByHand } from '#shared/domain/alert-machine.ts'
import { isAcknowledged } from '#shared/domain/notify-decision.ts'
import type { Change } from './engine.ts'
import type { AlertRecord } from './record.ts'
import { clockTime } from './sentences.ts'

type Handling = (record: AlertRecord, at: number) => Change

/** Throws AppError `conflict`, naming the holder, when somebody else holds it. */
export function acknowledge(by: string, note: string, until: number | null): Handling {
  return (record, at) => {
    refusePast(until, at)
    const held = record.acknowledgement
    if (isAcknowledged(held, at) && held.by !== by) {
      const since = clockTime(held.at, at)
      throw new AppError('conflict', `${record.rule} has been held by ${held.by} since ${since}; release it first.`)
    }
    const message = [until === null ? '' : `Until ${clockTime(until, at)}.`, note].filter(Boolean).join(' ')
    return {
      // When the hold lapses and it still fires, it is told again.
      record: { ...record, acknowledgement: { by, at, note, until }, owed: record.owed || until !== null },
      event: { at, type: 'acknowledged', by, message },
    }
  }
}

export function unacknowledge(by: string): Handling {
  return (record, at) => ({
    record: { ...record, acknowledgement: null, owed: record.firingToldAt === null && record.owed },
    event: { at, type: 'unacknowledged', by, message: '' },
  })
}

export function snooze(by: string, until: number): Handling {
  return (record, at) => {
    refusePast(until, at)
    return {
      // When the snooze ends and it still fires, it is told again.
      record: { ...record, snoozedUntil: until, owed: record.owed || record.episode.firedAt !== null },
      event: { at, type: 'snoozed', by, message: `Until ${clockTime(until, at)}.` },
    }
  }
}

/** Whoever ends a snooze knows that it fires: it is told only if nobody was. */
export function unsnooze(by: string): Handling {
  return (record, at) => ({
    record: { ...record, snoozedUntil: null, owed: record.firingToldAt === null && record.owed },
    event: { at, type: 'unsnoozed', by, message: '' },
  })
}

/** Nobody is told: whoever closes it knows. */
export function resolveByHand(by: string, note: string): Handling {
  return (record, at) => {
    const { episode } = closeByHand(record.episode, at)
    return {
      record: { ...record, episode: episode ?? record.episode, resolvedAt: at, resolution: 'manual', owed: false },
      event: { at, type: 'resolved', by, message: ['Resolved by hand.', note].filter(Boolean).join(' ') },
    }
  }
}

function refusePast(until: number | null, at: number): void {
  if (until === null || until > at) return
  throw new AppError('invalid', `expected an instant after ${clockTime(at, at)}, got ${clockTime(until, at)}`)
}
