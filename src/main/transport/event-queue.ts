/**
 * What one subscriber has yet to hear. Events wait here for the next tick, so that a burst costs one frame per thing
 * that changed. When more waits than a screen could make sense of, all of it is given up and the subscriber is told to
 * ask again: memory stays bounded and what is shown stays true.
 */
import type { EventName, PayloadOf } from '#shared/contract/index.ts'
import { coalescingKey } from './coalesce.ts'

interface QueuedEvent {
  readonly name: EventName
  readonly payload: PayloadOf<EventName>
}

export interface EventQueue {
  add<K extends EventName>(name: K, payload: PayloadOf<K>): void
  /** Gives up all that waits; the next `take` says so. */
  overflow(): void
  /** Whether there is something to take. */
  isEmpty(): boolean
  /** What waited, each thing at the place of its last change; `resync` when events were lost before these. */
  take(): { readonly resync: boolean; readonly events: readonly QueuedEvent[] }
}

export function createEventQueue(maxWaiting: number): EventQueue {
  const waiting = new Map<string | symbol, QueuedEvent>()
  let lost = false
  const queue: EventQueue = {
    add(name, payload) {
      const key = coalescingKey(name, payload) ?? Symbol(name)
      // Taken out first: a check removed and then saved again must not seem removed.
      waiting.delete(key)
      waiting.set(key, { name, payload })
      if (waiting.size > maxWaiting) queue.overflow()
    },
    overflow() {
      waiting.clear()
      lost = true
    },
    isEmpty: () => waiting.size === 0 && !lost,
    take() {
      const taken = { resync: lost, events: [...waiting.values()] }
      waiting.clear()
      lost = false
      return taken
    },
  }
  return queue
}
