/** Pings of jobs, newest kept: durable before they are answered, so that a restart forgets none. */
import { defineFamily } from '../family.ts'

export interface PingRow {
  readonly pingId: string
  readonly at: number
  readonly kind: 'success' | 'start' | 'fail' | 'log'
  readonly exitStatus: number | null
  readonly runId: string | null
  readonly durationMs: number | null
  readonly method: string
  readonly remoteAddress: string
  readonly userAgent: string
  readonly body: string
}

/** As many pings of a job are kept: with their bodies, 10 KB each at most, 1 MB. */
export const pingsKept = 100
/** Enough to know the last two ends and an open start again. */
const remembered = 10

const columns = `ping_id AS pingId, at, kind, exit_status AS exitStatus, run_id AS runId, duration_ms AS durationMs, method,
  remote_address AS remoteAddress, user_agent AS userAgent, body`

export const pingTables = defineFamily({
  writes(database) {
    const add = database.prepare<[PingRow]>(
      `INSERT INTO ping (ping_id, at, kind, exit_status, run_id, duration_ms, method, remote_address, user_agent, body)
       VALUES (@pingId, @at, @kind, @exitStatus, @runId, @durationMs, @method, @remoteAddress, @userAgent, @body)`,
    )
    const prune = database.prepare<[{ pingId: string }]>(
      `DELETE FROM ping WHERE ping_id = @pingId AND sequence <
         (SELECT sequence FROM ping WHERE ping_id = @pingId ORDER BY sequence DESC LIMIT 1 OFFSET ${pingsKept - 1})`,
    )
    return {
      'ping.add': (row: PingRow) => {
        add.run(row)
        prune.run({ pingId: row.pingId })
      },
    }
  },
  questions(database) {
    const newest = database.prepare<[{ pingId: string; limit: number }], PingRow>(
      `SELECT ${columns} FROM ping WHERE ping_id = @pingId ORDER BY sequence DESC LIMIT @limit`,
    )
    const recent = database.prepare<[], PingRow>(
      `SELECT ${columns} FROM ping WHERE sequence IN
         (SELECT sequence FROM
           (SELECT sequence, row_number() OVER (PARTITION BY ping_id ORDER BY sequence DESC) AS place
            FROM ping WHERE kind <> 'log')
          WHERE place <= ${remembered})
       ORDER BY sequence`,
    )
    return {
      /** Of one job, newest first. */
      'ping.newest': (input: { readonly pingId: string; readonly limit: number }): PingRow[] => newest.all(input),
      /** The last few of every job that say something about it, oldest first. */
      'ping.recent': (_: Readonly<Record<string, never>>): PingRow[] => recent.all(),
    }
  },
})
