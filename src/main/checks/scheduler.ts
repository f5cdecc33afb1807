/**
 * When each check runs. Each has a stable place in its interval (by the hash of its id, on the wall clock's grid, so that
 * it is the same after a restart), which spreads load without a plan. One timer serves all; a check never runs twice at
 * once; when more are due than may run, they wait in the order they became due. Knows nothing of results.
 */
import type { Clock, Timers } from '#main/ports.ts'
import { hashOfText } from '#shared/domain/hash.ts'
import { createDueQueue, type Due } from './due-queue.ts'
import { createLateness, type Lateness } from './lateness.ts'

export type ScheduledTrigger = 'scheduled' | 'retry' | 'manual'

export interface Schedule {
  readonly everyMs: number
  /** Checks of one group share `groupLimit`. */
  readonly group: string
  readonly groupLimit: number
  /** The first run comes within this, at the check's own place in it; null: at its place in the interval. */
  readonly firstWithinMs: number | null
}

export interface SchedulerOptions {
  readonly clock: Clock
  readonly timers: Timers
  /** Must not reject. Resolves with the delay from the run's start after which a retry is wanted, else null. */
  run(id: string, trigger: ScheduledTrigger): Promise<number | null>
  readonly maxConcurrent: number
}

export interface Scheduler {
  /** Takes a check in, or changes its schedule. */
  set(id: string, schedule: Schedule): void
  remove(id: string): void
  /** Runs now, or joins the run that is under way. Resolves when it has ended. */
  runNow(id: string, trigger?: ScheduledTrigger): Promise<void>
  /** Epoch ms; null for an unknown check. */
  nextRunAt(id: string): number | null
  readonly lateness: Lateness
  /** At most so many at once from now on; null: as many as at first. */
  limit(most: number | null): void
  /** Starts nothing more; runs under way are not waited for. */
  close(): void
}

interface Entry extends Due {
  readonly id: string
  schedule: Schedule
  /** The next regular run, whatever retries come before it. */
  slotMs: number
  waiting: boolean
  retrying: boolean
  running: Promise<void> | null
  removed: boolean
}

export function createScheduler({ clock, timers, run, maxConcurrent }: SchedulerOptions): Scheduler {
  const entries = new Map<string, Entry>()
  const queue = createDueQueue<Entry>()
  const groups = new Map<string, { running: number; readonly waiting: Entry[] }>()
  const lateness = createLateness()
  let running = 0
  let most = maxConcurrent
  let timer: { readonly dueMs: number; readonly stop: () => void } | null = null
  let closed = false

  const groupOf = (name: string) => {
    const known = groups.get(name)
    if (known !== undefined) return known
    const made = { running: 0, waiting: [] }
    groups.set(name, made)
    return made
  }

  function arm() {
    const dueMs = queue.first()?.dueMs
    if (closed || dueMs === undefined) return
    if (timer !== null && timer.dueMs <= dueMs) return
    timer?.stop()
    timer = { dueMs, stop: timers.after(Math.max(0, dueMs - clock.monotonicMs()), tick) }
  }

  function tick() {
    timer = null
    const nowMs = clock.monotonicMs()
    for (let entry = queue.first(); entry !== undefined && entry.dueMs <= nowMs; entry = queue.first()) {
      queue.remove(entry)
      entry.waiting = true
      groupOf(entry.schedule.group).waiting.push(entry)
    }
    dispatch()
    arm()
  }

  /** Starts what may start, oldest first; a group at its limit does not hold up the others. */
  function dispatch() {
    while (running < most) {
      let next: Entry | undefined
      for (const group of groups.values()) {
        while (group.waiting[0]?.waiting === false) group.waiting.shift()
        const head = group.waiting[0]
        if (head === undefined || group.running >= head.schedule.groupLimit) continue
        if (next === undefined || head.dueMs < next.dueMs) next = head
      }
      if (next === undefined) return
      groupOf(next.schedule.group).waiting.shift()
      lateness.add(Math.max(0, clock.monotonicMs() - next.dueMs))
      start(next, next.retrying ? 'retry' : 'scheduled')
    }
  }

  function start(entry: Entry, trigger: ScheduledTrigger): Promise<void> {
    const group = groupOf(entry.schedule.group)
    const startedMs = clock.monotonicMs()
    entry.waiting = false
    queue.remove(entry)
    running++
    group.running++
    entry.running = run(entry.id, trigger).then((retryInMs) => {
      running--
      group.running--
      entry.running = null
      if (closed) return
      if (!entry.removed) again(entry, retryInMs === null ? null : startedMs + retryInMs)
      dispatch()
      arm()
    })
    return entry.running
  }

  function again(entry: Entry, retryAtMs: number | null) {
    const nowMs = clock.monotonicMs()
    const { everyMs } = entry.schedule
    // Slots that passed while it ran are left out: a check that takes longer than its interval has no debts.
    if (entry.slotMs <= nowMs) entry.slotMs += Math.ceil((nowMs - entry.slotMs + 1) / everyMs) * everyMs
    entry.retrying = retryAtMs !== null && retryAtMs < entry.slotMs
    entry.dueMs = entry.retrying && retryAtMs !== null ? Math.max(nowMs, retryAtMs) : entry.slotMs
    queue.put(entry)
  }

  function place(entry: Entry) {
    const { everyMs, firstWithinMs } = entry.schedule
    const share = shareOf(entry.id)
    const sinceSlotMs = (((clock.now() - share * everyMs) % everyMs) + everyMs) % everyMs
    const nowMs = clock.monotonicMs()
    entry.slotMs = nowMs + everyMs - sinceSlotMs
    entry.dueMs = firstWithinMs === null ? entry.slotMs : Math.min(entry.slotMs, nowMs + share * firstWithinMs)
    entry.retrying = false
    if (entry.running === null && !entry.waiting) queue.put(entry)
  }

  return {
    set(id, schedule) {
      const known = entries.get(id)
      if (known !== undefined) {
        const moved = known.schedule.everyMs !== schedule.everyMs || schedule.firstWithinMs !== null
        if (known.waiting && known.schedule.group !== schedule.group) {
          known.waiting = false
          groupOf(known.schedule.group).waiting.splice(groupOf(known.schedule.group).waiting.indexOf(known), 1)
        }
        known.schedule = schedule
        if (moved || known.place < 0) place(known)
      } else {
        const entry: Entry = {
          id,
          schedule,
          dueMs: 0,
          place: -1,
          slotMs: 0,
          waiting: false,
          retrying: false,
          running: null,
          removed: false,
        }
        entries.set(id, entry)
        place(entry)
      }
      arm()
    },
    remove(id) {
      const entry = entries.get(id)
      if (entry === undefined) return
      entries.delete(id)
      queue.remove(entry)
      entry.removed = true
      entry.waiting = false
    },
    runNow(id, trigger = 'manual') {
      const entry = entries.get(id)
      if (entry === undefined || closed) return Promise.resolve()
      return entry.running ?? start(entry, trigger)
    },
    nextRunAt(id) {
      const entry = entries.get(id)
      if (entry === undefined) return null
      const dueMs = entry.running === null ? entry.dueMs : entry.slotMs
      return Math.round(clock.now() + Math.max(0, dueMs - clock.monotonicMs()))
    },
    lateness,
    limit(wanted) {
      most = Math.min(wanted ?? maxConcurrent, maxConcurrent)
      dispatch()
    },
    close() {
      closed = true
      timer?.stop()
      timer = null
    },
  }
}

/** A stable share of 0..1: the hash with a final mix. Source: murmur3's finalizer. */
function shareOf(id: string): number {
  let hash = hashOfText(id)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}
