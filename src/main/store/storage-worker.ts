/** The thread that owns the only writing connections: belfry.db and the sample store. */
import { openStateDatabase, type StateDatabase, type Unit } from './state-database.ts'
import { runWorker } from './worker-thread.ts'

export interface StorageWorkerData {
  readonly directory: string
  readonly openedAt: number
}

function stateMethods(state: StateDatabase) {
  return {
    'state.commit': (unit: Unit) => state.commit(unit),
    'state.ask': ({ question, input }: { question: string; input: unknown }) => state.ask(question, input),
    /** Commits what waits and closes every file. Nothing may be asked afterwards. */
    'worker.close': async () => state.close(),
  }
}

export type StorageMethods = ReturnType<typeof stateMethods>

await runWorker(async (data) => {
  // Only open-store.ts starts this file.
  const { directory, openedAt } = data as StorageWorkerData
  const state = await openStateDatabase({ directory, openedAt })
  return { methods: stateMethods(state), started: state.report }
})
