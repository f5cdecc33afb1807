/** Runs tasks one after the other, in the order they came. A task that fails fails alone. */
export function oneAtATime(): <T>(task: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (task) => {
    const run = last.then(task)
    last = run.catch(() => undefined) // Whoever asked for the task is told.
    return run
  }
}
