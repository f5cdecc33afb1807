/**
 * Makes many small units cheap although each is durable when it is answered: what arrives while one transaction is
 * being synced to disk shares the next one. A savepoint around each unit keeps them apart: one that fails is undone by
 * itself and the rest of its group is committed.
 */
import type { Database } from 'better-sqlite3'

export interface GroupCommit<Unit> {
  /** Resolves when the unit is durable; rejects when it, or the commit of its group, failed. */
  commit(unit: Unit): Promise<void>
  /** Commits what waits now, so that whoever asks next sees it. */
  flush(): void
}

/** `apply` performs a unit's statements; `explain` turns what SQLite threw into what the committer should hear. */
export function groupCommits<Unit>(
  database: Database,
  apply: (unit: Unit) => void,
  explain: (error: unknown) => unknown,
): GroupCommit<Unit> {
  interface Waiting {
    readonly unit: Unit
    readonly resolve: () => void
    readonly reject: (error: unknown) => void
  }
  const begin = database.prepare('BEGIN IMMEDIATE')
  const commit = database.prepare('COMMIT')
  const rollback = database.prepare('ROLLBACK')
  const mark = database.prepare('SAVEPOINT unit')
  const release = database.prepare('RELEASE unit')
  const undo = database.prepare('ROLLBACK TO unit')
  let waiting: Waiting[] = []

  function flush(): void {
    const group = waiting
    waiting = []
    if (group.length > 0) perform(group)
  }

  function perform(group: readonly Waiting[]): void {
    const failures = new Map<Waiting, unknown>()
    try {
      begin.run()
      for (const member of group) applyAlone(member, failures)
      commit.run()
    } catch (error) {
      if (database.inTransaction) rollback.run()
      // The group failed as a whole, and nothing of it happened: on its own each may still succeed.
      if (group.length > 1) {
        for (const member of group) perform([member])
        return
      }
      for (const member of group) failures.set(member, error)
    }
    for (const member of group) {
      if (failures.has(member)) member.reject(explain(failures.get(member)))
      else member.resolve()
    }
  }

  function applyAlone(member: Waiting, failures: Map<Waiting, unknown>): void {
    mark.run()
    try {
      apply(member.unit)
    } catch (error) {
      // A full disk or a failing one makes SQLite end the whole transaction: then no unit of the group happened.
      if (!database.inTransaction) throw error
      undo.run()
      failures.set(member, error)
    }
    release.run()
  }

  return {
    commit(unit) {
      return new Promise((resolve, reject) => {
        waiting.push({ unit, resolve, reject })
        if (waiting.length === 1) setImmediate(flush)
        else if (waiting.length >= unitsPerGroup) flush()
      })
    },
    flush,
  }
}

/** Bounds how long one transaction holds up questions. */
const unitsPerGroup = 1000
