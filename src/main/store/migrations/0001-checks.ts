import type { Migration } from './index.ts'

export const checks: Migration = {
  number: 1,
  name: 'checks',
  sql: `
    CREATE TABLE check_runtime (
      check_id TEXT PRIMARY KEY,
      state TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE check_watch (
      only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
      observed_until INTEGER NOT NULL
    ) STRICT;

    CREATE TABLE check_interval (
      check_id TEXT NOT NULL,
      from_at INTEGER NOT NULL,
      to_at INTEGER NOT NULL CHECK (to_at > from_at),
      state TEXT NOT NULL,
      reason_code TEXT NOT NULL,
      reason_message TEXT NOT NULL,
      PRIMARY KEY (check_id, from_at)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX check_interval_by_end ON check_interval (to_at);

    CREATE TABLE check_result (
      check_id TEXT NOT NULL,
      at INTEGER NOT NULL,
      id TEXT NOT NULL,
      trigger TEXT NOT NULL,
      outcome TEXT NOT NULL,
      reason_code TEXT NOT NULL,
      reason_message TEXT NOT NULL,
      duration_ms REAL NOT NULL,
      phases TEXT NOT NULL,
      evidence TEXT NOT NULL,
      -- 1: one of the newest of a check that is well, given up for newer ones
      passing INTEGER NOT NULL,
      PRIMARY KEY (check_id, at, id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX check_result_by_time ON check_result (at);
    CREATE INDEX check_result_passing ON check_result (check_id, at) WHERE passing = 1;
  `,
}
