import type { Migration } from './index.ts'

export const alerts: Migration = {
  number: 2,
  name: 'alerts',
  sql: `
    -- One row per episode, from the first true evaluation on.
    CREATE TABLE alert (
      id TEXT PRIMARY KEY,
      rule_id TEXT NOT NULL,
      rule TEXT NOT NULL,
      fingerprint TEXT NOT NULL,
      severity TEXT NOT NULL,
      check_id TEXT,
      state TEXT NOT NULL,
      -- 1: the state machine still holds it (also when closed by hand while the condition lasts)
      live INTEGER NOT NULL,
      active_at INTEGER NOT NULL,
      fired_at INTEGER,
      resolved_at INTEGER,
      labels TEXT NOT NULL,
      body TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX alert_live ON alert (id) WHERE live = 1;
    CREATE INDEX alert_resolved ON alert (resolved_at, id) WHERE state = 'resolved';
    CREATE INDEX alert_alike ON alert (rule, fingerprint, active_at);

    CREATE TABLE alert_event (
      number INTEGER PRIMARY KEY,
      alert_id TEXT NOT NULL REFERENCES alert (id) ON DELETE CASCADE,
      at INTEGER NOT NULL,
      type TEXT NOT NULL,
      by TEXT,
      message TEXT NOT NULL
    ) STRICT;
    CREATE INDEX alert_event_of ON alert_event (alert_id, number);

    -- When a rule last told somebody of a target: what cooldowns count from.
    CREATE TABLE alert_told (
      rule TEXT NOT NULL,
      target TEXT NOT NULL,
      at INTEGER NOT NULL,
      PRIMARY KEY (rule, target)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE inbox (
      id TEXT PRIMARY KEY,
      at INTEGER NOT NULL,
      alert_id TEXT,
      event TEXT NOT NULL,
      severity TEXT NOT NULL,
      title TEXT NOT NULL,
      body TEXT NOT NULL,
      read_at INTEGER
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX inbox_by_time ON inbox (at, id);
    CREATE INDEX inbox_unread ON inbox (id) WHERE read_at IS NULL;

    -- The outbox and its log: a message to one channel, with every attempt.
    CREATE TABLE delivery (
      id TEXT PRIMARY KEY,
      key TEXT NOT NULL,
      alert_id TEXT,
      channel TEXT NOT NULL,
      event TEXT NOT NULL,
      title TEXT NOT NULL,
      state TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      next_attempt_at INTEGER,
      attempts TEXT NOT NULL,
      message TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX delivery_open ON delivery (id) WHERE state IN ('queued', 'sending', 'retrying');
    CREATE INDEX delivery_by_time ON delivery (created_at, id);
    CREATE INDEX delivery_of_alert ON delivery (alert_id, created_at);
    CREATE INDEX delivery_of_channel ON delivery (channel, created_at);
  `,
}
