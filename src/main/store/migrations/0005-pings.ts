import type { Migration } from './index.ts'

export const pings: Migration = {
  number: 5,
  name: 'pings',
  sql: `
    CREATE TABLE ping (
      sequence INTEGER PRIMARY KEY,
      ping_id TEXT NOT NULL,
      at INTEGER NOT NULL,
      kind TEXT NOT NULL,
      exit_status INTEGER,
      run_id TEXT,
      duration_ms INTEGER,
      method TEXT NOT NULL,
      remote_address TEXT NOT NULL,
      user_agent TEXT NOT NULL,
      body TEXT NOT NULL
    ) STRICT;
    CREATE INDEX ping_newest ON ping (ping_id, sequence);
  `,
}
