/**
 * The hub between services and transports. Services emit contract events as they happen; a transport listens and
 * decides for each of its subscribers what to coalesce. Listeners run synchronously and must not throw.
 */
import type { EventName, PayloadOf } from '#shared/contract/index.ts'

export type EventListener = <K extends EventName>(name: K, payload: PayloadOf<K>) => void

export interface Events {
  emit<K extends EventName>(name: K, payload: PayloadOf<K>): void
  /** Returns what ends the subscription. */
  subscribe(listener: EventListener): () => void
}

export function createEvents(): Events {
  const listeners = new Set<EventListener>()
  return {
    emit(name, payload) {
      for (const listener of listeners) listener(name, payload)
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
