/**
 * Evaluation over many series is long work for one thread. Here it is a sequence of short steps: a generator that yields
 * every few thousand operations and returns its result in the end. Whoever drives it may let others have a turn in
 * between; the steps themselves know nothing of time.
 */
export type Steps<T> = Generator<undefined, T, undefined>

/** Few enough that a step over long ranges takes a millisecond or so. */
const itemsInStep = 32

/** Visits all items in order. */
export function* eachOf<T>(items: Iterable<T>, visit: (item: T) => void): Steps<void> {
  let visited = 0
  for (const item of items) {
    visit(item)
    if (++visited % itemsInStep === 0) yield
  }
}

/** Without a pause, for callers that have the thread to themselves. */
export function resultOf<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}
