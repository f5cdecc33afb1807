/** The thread that answers long questions on read-only connections, so that they never hold up a commit. */
import { openStateReader } from './state-database.ts'
import { runWorker } from './worker-thread.ts'

export interface ReadWorkerData {
  readonly directory: string
}

function readMethods(state: ReturnType<typeof openStateReader>) {
  return {
    'state.ask': ({ question, input }: { question: string; input: unknown }) => state.ask(question, input),
    'worker.close': async () => state.close(),
  }
}

export type ReadMethods = ReturnType<typeof readMethods>

await runWorker(async (data) => {
  // Only open-store.ts starts this file.
  const { directory } = data as ReadWorkerData
  const state = openStateReader(directory)
  return { methods: readMethods(state), started: null }
})
