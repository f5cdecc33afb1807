import { useCallback, useState } from 'react'
import { AppError } from '#shared/contract/errors.ts'
import type { CallName, InputOf, OutputOf } from '#shared/contract/index.ts'
import { useClient } from './client-context.tsx'

export interface Command<K extends CallName> {
  /** Resolves to the answer, or to null when it failed: the failure is then in `failure`. */
  run(input: InputOf<K>): Promise<OutputOf<K> | null>
  readonly isRunning: boolean
  readonly failure: AppError | null
  clear(): void
}

/** A call that does something: run by the user, with its failure kept for display beside what caused it. */
export function useCommand<K extends CallName>(name: K): Command<K> {
  const client = useClient()
  const [state, setState] = useState<{ running: number; failure: AppError | null }>({ running: 0, failure: null })
  const run = useCallback(
    async (input: InputOf<K>) => {
      setState((before) => ({ running: before.running + 1, failure: null }))
      try {
        const output = await client.call(name, input)
        setState((before) => ({ ...before, running: before.running - 1 }))
        return output
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        setState((before) => ({ running: before.running - 1, failure: error }))
        return null
      }
    },
    [client, name],
  )
  const clear = useCallback(() => setState((before) => ({ ...before, failure: null })), [])
  return { run, isRunning: state.running > 0, failure: state.failure, clear }
}
