/**
 * The budgets of active series: a source that invents labels is refused before it fills memory and disk, and before it
 * takes the room of all others. Series belong to the target that their labels name; those that name none, to their metric.
 */
import { pickLabels } from '#shared/domain/labels.ts'
import type { Labels } from '#shared/domain/series.ts'
import type { SeriesHandle } from './metric-store.ts'
import { createNumberColumn } from './number-column.ts'

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
  readonly name: string
  active: number
}

export function createCardinality({ total, perTarget }: CardinalityLimits): Cardinality {
  /** Of each active series, by its id. */
  const activeUnder: (Target | undefined)[] = []
  const touchedAt = createNumberColumn(Number.NEGATIVE_INFINITY)
  const targets = new Map<string, Target>()
  let active = 0
  let sweptAt = Number.NEGATIVE_INFINITY

  const sweep = (now: number) => {
    sweptAt = now
    for (const [id, target] of activeUnder.entries()) {
      if (target === undefined || now - touchedAt.get(id) <= activeMs) continue
      activeUnder[id] = undefined
      active--
      if (--target.active === 0) targets.delete(target.name)
    }
  }

  const lacking = (target: string): Refusal | null => {
    if (active >= total) return { of: 'total' }
    return (targets.get(target)?.active ?? 0) >= perTarget ? { of: 'target', target } : null
  }

  const targetNamed = (name: string): Target => {
    const known = targets.get(name)
    if (known) return known
    const made = { name, active: 0 }
    targets.set(name, made)
    return made
  }

  return {
    touch({ id, name, labels }, now) {
      touchedAt.set(id, now)
      if (activeUnder[id] !== undefined) return
      const target = targetNamed(targetOf(name, labels))
      activeUnder[id] = target
      active++
      target.active++
    },
    refusal(name, labels, now) {
      const target = targetOf(name, labels)
      // A clock that went back must not put off the sweep.
      if (lacking(target) && Math.abs(now - sweptAt) >= sweepEveryMs) sweep(now)
      return lacking(target)
    },
    active(now) {
      sweep(now)
      return active
    },
  }
}

/** Such as `job="node", instance="db-1:9100"`, or a metric's name. */
function targetOf(name: string, labels: Labels): string {
  const named = Object.entries(pickLabels(labels, targetLabels))
  return named.length === 0 ? name : named.map(([label, value]) => `${label}=${JSON.stringify(value)}`).join(', ')
}
