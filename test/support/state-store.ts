/** A real state database in a directory of its own, in this thread: what services are tested against. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStateDatabase } from '#main/store/state-database.ts'
import type { QuestionName, StateStore } from '#main/store/state-store.ts'

export interface TemporaryState extends StateStore {
  readonly directory: string
  /** Closes the database and opens it again, as a restart would. */
  reopen(): Promise<void>
  /** Closes and removes everything. */
  close(): void
}

export async function temporaryState(): Promise<TemporaryState> {
  const directory = mkdtempSync(join(tmpdir(), 'belfry-state-'))
  let database = await openStateDatabase({ directory, openedAt: 0 })
  const ask = async (question: QuestionName, input: unknown) => structuredClone(database.ask(question, input)) as never
  return {
    directory,
    commit: async (unit) => database.commit(structuredClone(unit)),
    commitTexts: async (texts) => database.commit(texts.flatMap((text) => JSON.parse(new TextDecoder().decode(text)))),
    ask,
    askLong: ask,
    async reopen() {
      database.close()
      database = await openStateDatabase({ directory, openedAt: 0 })
    },
    close() {
      database.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
