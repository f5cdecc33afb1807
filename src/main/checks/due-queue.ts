/** A binary heap of entries by due time. Entries know their place, so that one can be moved or taken out in O(log n). */

export interface Due {
  dueMs: number
  /** Place in the heap, kept by the queue; -1 outside of it. */
  place: number
}

export interface DueQueue<E extends Due> {
  first(): E | undefined
  /** Puts an entry in, or moves it to its changed due time. */
  put(entry: E): void
  remove(entry: E): void
}

export function createDueQueue<E extends Due>(): DueQueue<E> {
  const heap: E[] = []
  const set = (place: number, entry: E) => {
    heap[place] = entry
    entry.place = place
  }
  const rise = (entry: E) => {
    let place = entry.place
    while (place > 0) {
      const above = (place - 1) >> 1
      const parent = heap[above]
      if (parent === undefined || parent.dueMs <= entry.dueMs) break
      set(place, parent)
      place = above
    }
    set(place, entry)
  }
  const sink = (entry: E) => {
    let place = entry.place
    for (;;) {
      const left = heap[2 * place + 1]
      const right = heap[2 * place + 2]
      const child = right !== undefined && left !== undefined && right.dueMs < left.dueMs ? right : left
      if (child === undefined || child.dueMs >= entry.dueMs) break
      const below = child.place
      set(place, child)
      place = below
    }
    set(place, entry)
  }
  return {
    first: () => heap[0],
    put(entry) {
      if (entry.place < 0) {
        entry.place = heap.length
        heap.push(entry)
      }
      rise(entry)
      sink(entry)
    },
    remove(entry) {
      if (entry.place < 0) return
      const last = heap.pop()
      if (last !== undefined && last !== entry) {
        set(entry.place, last)
        rise(last)
        sink(last)
      }
      entry.place = -1
    },
  }
}
