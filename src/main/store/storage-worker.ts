/** The thread that owns the only writing connections: belfry.db and the sample store. */
import { storageMetricMethods } from './metrics/worker-methods.ts'
import { openStateDatabase, type StateDatabase, type Unit } from './state-database.ts'
import { runWorker } from './worker-thread.ts'

export interface StorageWorkerData {
  readonly directory: string
  readonly openedAt: number
  /** Where else than in the data directory backups lie. */
  readonly backupDirectory: string | null
}

const utf8 = new TextDecoder()

function storageMethods(state: StateDatabase, metrics: ReturnType<typeof storageMetricMethods>) {
  return {
    'state.commit': (unit: Unit) => state.commit(unit),
    // Only open-store.ts sends them, with the types of the main loop's writes.
    'state.commitTexts': (texts: readonly Uint8Array[]) =>
      state.commit(texts.flatMap((text): Unit => JSON.parse(utf8.decode(text)))),
    'state.ask': ({ question, input }: { question: string; input: unknown }) => state.ask(question, input),
    ...metrics.methods,
    /** Commits what waits and closes every file. Nothing may be asked afterwards. */
    'worker.close': async () => {
      state.close()
      metrics.close()
    },
  }
}

export type StorageMethods = ReturnType<typeof storageMethods>

await runWorker(async (data) => {
  // Only open-store.ts starts this file.
  const { directory, openedAt, backupDirectory } = data as StorageWorkerData
  const state = await openStateDatabase({ directory, openedAt, backupDirectory })
  const metrics = storageMetricMethods(directory, openedAt)
  return { methods: storageMethods(state, metrics), started: state.report }
})
