/** Lets few questions through at a time, so that a board of many panels does not keep others waiting. */

export interface Gate {
  /** Runs when there is room, in the order of asking. Aborted while it waits, it never runs and is rejected. */
  through<T>(run: () => Promise<T>, signal: AbortSignal): Promise<T>
}

export function createGate(most: number): Gate {
  let running = 0
  const waiting: (() => void)[] = []
  const leave = () => {
    running--
    waiting.shift()?.()
  }
  return {
    through(run, signal) {
      return new Promise((resolve, reject) => {
        const start = () => {
          signal.removeEventListener('abort', giveUp)
          running++
          run().then(resolve, reject).finally(leave)
        }
        const giveUp = () => {
          waiting.splice(waiting.indexOf(start), 1)
          reject(signal.reason)
        }
        if (signal.aborted) return reject(signal.reason)
        if (running < most) return start()
        waiting.push(start)
        signal.addEventListener('abort', giveUp, { once: true })
      })
    },
  }
}
