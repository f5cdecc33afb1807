/** One command for many checks, a few at a time; what fails does not stop the rest. */
import { AppError } from '#shared/contract/errors.ts'

/** So many under way at once: quick for a few, and no flood for thousands. */
const atOnce = 6

export interface RanMany<T, R> {
  readonly done: readonly { readonly item: T; readonly answer: R }[]
  readonly failed: readonly { readonly item: T; readonly error: AppError }[]
}

/** `done` and `failed` in the order of `items`. Anything but an AppError is a bug and ends the run. */
export async function runMany<T, R>(items: readonly T[], run: (item: T) => Promise<R>): Promise<RanMany<T, R>> {
  const outcomes: ({ answer: R } | { error: AppError })[] = []
  let next = 0
  const work = async () => {
    for (let index = next++; index < items.length; index = next++) {
      const item = items[index]
      if (item === undefined) continue
      try {
        outcomes[index] = { answer: await run(item) }
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        outcomes[index] = { error }
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, work))
  const done: { item: T; answer: R }[] = []
  const failed: { item: T; error: AppError }[] = []
  for (const [index, item] of items.entries()) {
    const outcome = outcomes[index]
    if (outcome === undefined) continue
    if ('answer' in outcome) done.push({ item, answer: outcome.answer })
    else failed.push({ item, error: outcome.error })
  }
  return { done, failed }
}
