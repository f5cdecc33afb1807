import type { Migration } from './index.ts'

export const repeatedFailures: Migration = {
  number: 4,
  name: 'repeated failures',
  sql: `
    -- 1: one of the newest of a check that keeps failing; 2: one before those, without its evidence
    ALTER TABLE check_result ADD COLUMN repeated INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX check_result_repeated ON check_result (check_id, repeated, at) WHERE repeated > 0;
  `,
}
