/** What references stand for in this process: its environment, and the stored secrets. */
import type { Logger, Secrets } from '#main/ports.ts'
import { AppError } from '#shared/contract/errors.ts'
import type { References } from './references.ts'

/** A store of secrets that cannot be read leaves their references without a value, and says why. */
export function knownReferences(
  environment: Readonly<Record<string, string | undefined>>,
  secrets: Secrets,
  logger?: Logger,
): () => Promise<References> {
  const set = Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))
  const variables: Record<string, string> = Object.fromEntries(set)
  return async () => {
    try {
      const names = await secrets.names()
      const values = await Promise.all(names.map(async (name) => [name, await secrets.get(name)] as const))
      return { environment: variables, secrets: Object.fromEntries(values.filter(hasValue)) }
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      logger?.error('the stored secrets cannot be read', { error })
      return { environment: variables, secrets: {}, trouble: error.message }
    }
  }
}

function hasValue(entry: readonly [string, string | undefined]): entry is readonly [string, string] {
  return entry[1] !== undefined
}
