/**
 * What boards were before: each version that was replaced or removed, the newest few of each board, in the data
 * directory, where nobody takes them for boards. One file a version, named so that they sort by time.
 */
import { readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { systemErrorCode } from '#main/files/system-error.ts'
import { writeDurably } from '#main/files/write-durably.ts'
import type { Logger } from '#main/ports.ts'
import type { DashboardRevision } from '#shared/contract/dashboards.ts'
import { Dashboard, DashboardUid } from '#shared/domain/dashboard/dashboard.ts'
import { parseDashboard } from '#shared/domain/dashboard/upgrade.ts'
import { withoutDefaults } from '#shared/domain/dashboard/written.ts'
import { revisionOf } from './read-boards.ts'

/** Kept of each board. */
const mostVersions = 30

const Entry = z.object({
  at: z.number(),
  replacedBy: z.string(),
  wasRemoved: z.boolean(),
  title: z.string(),
  board: z.unknown(),
})

export interface PastBoard extends DashboardRevision {
  readonly board: Dashboard
}

export interface BoardHistory {
  keep(
    board: Dashboard,
    of: { readonly at: number; readonly replacedBy: string; readonly wasRemoved: boolean },
  ): Promise<void>
  /** Newest first; empty for a board that was never changed. */
  versions(uid: string): Promise<PastBoard[]>
  /** Uids of which anything is kept. */
  uids(): Promise<string[]>
}

export function boardHistory(directory: string, logger: Logger): BoardHistory {
  async function names(uid: string): Promise<string[]> {
    return (await entriesOf(join(directory, DashboardUid.parse(uid))))
      .filter((name) => /^\d+-[0-9a-f]+\.json$/.test(name))
      .sort()
  }

  async function read(path: string): Promise<PastBoard | null> {
    try {
      const entry = Entry.parse(JSON.parse(await readFile(path, 'utf8')))
      const parsed = parseDashboard(entry.board)
      if (!parsed.ok) throw new Error(parsed.issues[0]?.message)
      const { at, replacedBy, wasRemoved, title } = entry
      return { revision: revisionOf(parsed.value), at, replacedBy, wasRemoved, title, board: parsed.value }
    } catch (error) {
      if (systemErrorCode(error) !== 'ENOENT')
        logger.warn('a kept version of a dashboard cannot be read', { path, error })
      return null
    }
  }

  return {
    async keep(board, { at, replacedBy, wasRemoved }) {
      const folder = join(directory, DashboardUid.parse(board.uid))
      // Padded, so that names sort as instants do.
      const name = `${String(at).padStart(15, '0')}-${revisionOf(board)}.json`
      const entry = { at, replacedBy, wasRemoved, title: board.title, board: withoutDefaults(Dashboard, board) }
      await writeDurably(join(folder, name), JSON.stringify(entry))
      const outdated = (await names(board.uid)).slice(0, -mostVersions)
      await Promise.all(outdated.map((one) => rm(join(folder, one), { force: true })))
    },
    async versions(uid) {
      const found: PastBoard[] = []
      for (const name of (await names(uid)).reverse()) {
        const version = await read(join(directory, uid, name))
        if (version !== null) found.push(version)
      }
      return found
    },
    async uids() {
      return (await entriesOf(directory)).filter((name) => DashboardUid.safeParse(name).success).sort()
    },
  }
}

async function entriesOf(directory: string): Promise<string[]> {
  try {
    return await readdir(directory)
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return []
    throw error
  }
}
