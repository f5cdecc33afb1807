/**
 * The budgets of active series: a source that invents labels is refused before it fills memory and disk, and before it
 * takes the room of all others. Series belong to the target that their labels name; those that name none, to their metric.
 */
import { pickLabels } from '#shared/domain/labels.ts'
import type { Labels } from '#shared/domain/series.ts'
import type { SeriesHandle } from './metric-store.ts'

export interface CardinalityLimits {
  /** Series that may have samples within an hour. */
  readonly total: number
  /** The same of one target. */
  readonly perTarget: number
}

/** Where there is no room: in all, or with the target of this description. */
export type Refusal = { readonly of: 'total' } | { readonly of: 'target'; readonly target: string }

export interface Cardinality {
  /** The series was made or appended to. */
  touch(series: SeriesHandle, now: number): void
  /** Why one more series may not become active; null when it may. */
  refusal(name: string, labels: Labels, now: number): Refusal | null
  active(now: number): number
}

/** A series without samples for this long is not active any more. */
const activeMs = 3_600_000
/** Where there is no room, all series are looked through for idle ones no more often than this. */
const sweepEveryMs = 10_000

const targetLabels = ['job', 'instance', 'target', 'check']

interface Target {
  active: number
}

export function createCardinality({ total, perTarget }: CardinalityLimits): Cardinality {
  const touched = new Map<number, { at: number; readonly target: string }>()
  const targets = new Map<string, Target>()
  let sweptAt = Number.NEGATIVE_INFINITY

  const sweep = (now: number) => {
    sweptAt = now
    for (const [id, { at, target }] of touched) {
      if (now - at <= activeMs) continue
      touched.delete(id)
      const counted = targets.get(target)
      if (counted && --counted.active === 0) targets.delete(target)
    }
  }

  const lacking = (target: string): Refusal | null => {
    if (touched.size >= total) return { of: 'total' }
    return (targets.get(target)?.active ?? 0) >= perTarget ? { of: 'target', target } : null
  }

  return {
    touch({ id, name, labels }, now) {
      const known = touched.get(id)
      if (known) {
        known.at = now
        return
      }
      const target = targetOf(name, labels)
      touched.set(id, { at: now, target })
      const counted = targets.get(target)
      if (counted) counted.active++
      else targets.set(target, { active: 1 })
    },
    refusal(name, labels, now) {
      const target = targetOf(name, labels)
      // A clock that went back must not put off the sweep.
      if (lacking(target) && Math.abs(now - sweptAt) >= sweepEveryMs) sweep(now)
      return lacking(target)
    },
    active(now) {
      sweep(now)
      return touched.size
    },
  }
}

/** Such as `job="node", instance="db-1:9100"`, or a metric's name. */
function targetOf(name: string, labels: Labels): string {
  const named = Object.entries(pickLabels(labels, targetLabels))
  return named.length === 0 ? name : named.map(([label, value]) => `${label}=${JSON.stringify(value)}`).join(', ')
}
