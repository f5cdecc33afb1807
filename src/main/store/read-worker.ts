/** The thread that answers long questions on read-only connections, so that they never hold up a commit. */
import { readMetricMethods } from './metrics/worker-methods.ts'
import { openStateReader, type StateReader } from './state-database.ts'
import { runWorker } from './worker-thread.ts'

export interface ReadWorkerData {
  readonly directory: string
}

function readMethods(state: StateReader, metrics: ReturnType<typeof readMetricMethods>) {
  return {
    'state.ask': ({ question, input }: { question: string; input: unknown }) => state.ask(question, input),
    ...metrics.methods,
    'worker.close': async () => {
      state.close()
      metrics.close()
    },
  }
}

export type ReadMethods = ReturnType<typeof readMethods>

await runWorker(async (data) => {
  // Only open-store.ts starts this file.
  const { directory } = data as ReadWorkerData
  return { methods: readMethods(openStateReader(directory), readMetricMethods(directory)), started: null }
})
