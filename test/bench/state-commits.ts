/**
 * Durable commits through the storage worker: one after the other and with many under way, beside plain transactions of
 * the same rows in the same thread as their caller, which is the least that SQLite costs and what the main loop may not do.
 */
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { systemClock } from '#main/adapters/clock.ts'
import { applyMigrations } from '#main/store/migrate.ts'
import { migrations } from '#main/store/migrations/index.ts'
import { openStore } from '#main/store/open-store.ts'
import type { StateStore, Write } from '#main/store/state-store.ts'
import { memoryLogger } from '#test/support/ports.ts'
import { type BenchContext, type Measure, quantile, type Scenario } from './scenario.ts'

const unitsAlone = 2000
const unitsTogether = 20_000
const underWay = 100

export const stateCommits: Scenario = {
  name: 'state-commits',
  async run({ directory, note }: BenchContext): Promise<readonly Measure[]> {
    const rows = plainTransactions(join(directory, 'plain.db'))
    note('plain transactions are done')
    const store = await openStore({ directory, host: 'headless', logger: memoryLogger(), clock: systemClock })
    try {
      const alone = await commits(store.state, unitsAlone, 1)
      note('one at a time is done')
      const together = await commits(store.state, unitsTogether, underWay)
      const peer = { name: 'better-sqlite3, FULL', value: rows }
      return [
        { what: 'units, one at a time', unit: 'units/s', belfry: alone.perSecond, peer, goal: { ratioAtLeast: 0.6 } },
        {
          what: `units, ${underWay} under way`,
          unit: 'units/s',
          belfry: together.perSecond,
          peer,
          goal: { ratioAtLeast: 5 },
        },
        { what: 'a unit alone, p99', unit: 'ms', belfry: alone.p99Ms },
        { what: `a unit among ${underWay}, p99`, unit: 'ms', belfry: together.p99Ms },
      ]
    } finally {
      await store.close()
    }
  },
}

const session = (name: string) => ({ idHash: name, role: 'viewer', createdAt: 1, expiresAt: 2, lastSeenAt: 1 }) as const

/** Units of two rows each. */
function unitOf(name: string): readonly Write[] {
  return [
    ['session.save', session(`${name} a`)],
    ['session.save', session(`${name} b`)],
  ]
}

async function commits(state: StateStore, count: number, lanes: number) {
  const durationsMs: number[] = []
  let next = 0
  const lane = async () => {
    while (next < count) {
      const unit = unitOf(`${lanes}-${next++}`)
      const startedMs = performance.now()
      await state.commit(unit)
      durationsMs.push(performance.now() - startedMs)
    }
  }
  const startedMs = performance.now()
  await Promise.all(Array.from({ length: lanes }, lane))
  const seconds = (performance.now() - startedMs) / 1000
  return { perSecond: count / seconds, p99Ms: quantile(durationsMs, 0.99) }
}

/** Transactions of the same two rows per second, with the same promise of durability. */
function plainTransactions(file: string): number {
  const database = new Database(file)
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = FULL')
  applyMigrations(database, migrations)
  const insert = database.prepare(
    'INSERT INTO session (id_hash, role, created_at, expires_at, last_seen_at) VALUES (?, ?, ?, ?, ?)',
  )
  const unit = database.transaction((name: string) => {
    for (const part of ['a', 'b']) insert.run(`${name} ${part}`, 'viewer', 1, 2, 1)
  })
  const startedMs = performance.now()
  for (let count = 0; count < unitsAlone; count++) unit(`plain-${count}`)
  const seconds = (performance.now() - startedMs) / 1000
  database.close()
  return unitsAlone / seconds
}
