/**
 * When groups are evaluated: each at its own interval, spread over it by a hash of its name, never twice at once. An
 * evaluation that is due while the last one still runs is skipped and counted, as is one that comes too late.
 */
import type { Clock, Logger, Timers } from '#main/ports.ts'
import { hashOfText } from '#shared/domain/hash.ts'
import type { RuleGroup } from './rule.ts'

export interface GroupSchedule {
  /** Takes over a new set of groups; those with a known id keep their rhythm. */
  replace(groups: readonly RuleGroup[]): void
  /** Evaluates these groups at once; one that is being evaluated follows with another. Resolves when all are done. */
  evaluateNow(groupIds: readonly string[]): Promise<void>
  /** Evaluations left out since the start, by group id. */
  skipped(): ReadonlyMap<string, number>
  /** Stops, and waits for what runs. */
  close(): Promise<void>
}

interface Entry {
  group: RuleGroup
  running: Promise<void> | null
  /** Asked for while it was running. */
  again: Promise<void> | null
  stopTimer: () => void
}

/** `evaluate` must not reject: its failures are its own to report. */
export function scheduleGroups(
  ports: { readonly clock: Clock; readonly timers: Timers; readonly logger: Logger },
  evaluate: (group: RuleGroup, at: number) => Promise<void>,
): GroupSchedule {
  const entries = new Map<string, Entry>()
  const skipped = new Map<string, number>()
  let closed = false

  const skip = (group: RuleGroup, count: number) => {
    skipped.set(group.id, (skipped.get(group.id) ?? 0) + count)
    ports.logger.warn('rule evaluations were skipped', { group: group.id, count })
  }
  const run = (entry: Entry): Promise<void> => {
    const done = evaluate(entry.group, ports.clock.now()).finally(() => {
      if (entry.running === done) entry.running = null
    })
    entry.running = done
    return done
  }
  const arm = (entry: Entry) => {
    const { everyMs, id } = entry.group
    const now = ports.clock.now()
    const dueAt = nextSlotAt(id, everyMs, now)
    entry.stopTimer = ports.timers.after(dueAt - now, () => {
      const missed = Math.floor((ports.clock.now() - dueAt) / everyMs)
      if (missed > 0) skip(entry.group, missed)
      if (entry.running) skip(entry.group, 1)
      else void run(entry)
      arm(entry)
    })
  }

  return {
    replace(groups) {
      if (closed) return
      const wanted = new Map(groups.map((group) => [group.id, group]))
      for (const [id, entry] of entries) {
        const group = wanted.get(id)
        if (group && group.everyMs === entry.group.everyMs) entry.group = group
        else {
          entry.stopTimer()
          entries.delete(id)
        }
      }
      for (const group of groups) {
        if (entries.has(group.id)) continue
        const entry: Entry = { group, running: null, again: null, stopTimer: () => {} }
        entries.set(group.id, entry)
        arm(entry)
      }
    },
    async evaluateNow(groupIds) {
      const asked = groupIds.flatMap((id) => entries.get(id) ?? [])
      await Promise.all(
        asked.map((entry) => {
          if (closed) return undefined
          if (!entry.running) return run(entry)
          entry.again ??= entry.running.then(() => {
            entry.again = null
            return closed ? undefined : run(entry)
          })
          return entry.again
        }),
      )
    },
    skipped: () => skipped,
    async close() {
      closed = true
      for (const entry of entries.values()) entry.stopTimer()
      await Promise.all([...entries.values()].map(({ running }) => running))
    },
  }
}

/** The first instant after `now` in the group's rhythm: multiples of the interval, moved by the group's own share. */
export function nextSlotAt(groupId: string, everyMs: number, now: number): number {
  const phaseMs = (hashOfText(groupId) >>> 0) % everyMs
  return Math.floor((now - phaseMs) / everyMs + 1) * everyMs + phaseMs
}
