/** So many at once, the others in the order they came. */

export interface Turns {
  /** Runs the work when it is its turn. Rejects with the signal's reason when that aborts while it waits. */
  take<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T>
}

/** `most` is asked each time, for it may change. */
export function createTurns(most: () => number): Turns {
  const waiting: (() => void)[] = []
  let running = 0

  const next = () => {
    while (running < most()) {
      const start = waiting.shift()
      if (!start) return
      running++
      start()
    }
  }

  const turn = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason)
      const leave = () => {
        const place = waiting.indexOf(start)
        if (place >= 0) waiting.splice(place, 1)
        reject(signal.reason)
      }
      const start = () => {
        signal.removeEventListener('abort', leave)
        resolve()
      }
      signal.addEventListener('abort', leave, { once: true })
      waiting.push(start)
      next()
    })

  return {
    async take(signal, work) {
      await turn(signal)
      try {
        return await work()
      } finally {
        running--
        next()
      }
    },
  }
}
