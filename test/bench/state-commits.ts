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
import { type BenchContext, type Measure, median, quantile, type Scenario } from './scenario.ts'

/** All three take turns, so that whatever else the disk has to do falls on each alike. */
const rounds = 5
const unitsAlone = 400
const unitsTogether = 4000
const underWay = 100

export const stateCommits: Scenario = {
  name: 'state-commits',
  async run({ directory, note }: BenchContext): Promise<readonly Measure[]> {
    const plain = openPlain(join(directory, 'plain.db'))
    const store = await openStore({ directory, host: 'headless', logger: memoryLogger(), clock: systemClock })
    const peers: number[] = []
    const alone: Outcome[] = []
    const together: Outcome[] = []
    try {
      for (let round = 1; round <= rounds; round++) {
        peers.push(plain.transactionsPerSecond(`${round}`, unitsAlone))
        alone.push(await commits(store.state, `${round} alone`, unitsAlone, 1))
        together.push(await commits(store.state, `${round} together`, unitsTogether, underWay))
        note(`round ${round} of ${rounds}`)
      }
    } finally {
      plain.close()
      await store.close()
    }
    const peer = { name: 'better-sqlite3, FULL', value: median(peers) }
    const rate = (outcomes: readonly Outcome[]) => median(outcomes.map(({ perSecond }) => perSecond))
    const p99Ms = (outcomes: readonly Outcome[]) =>
      quantile(
        outcomes.flatMap(({ durationsMs }) => durationsMs),
        0.99,
      )
    return [
      { what: 'units, one at a time', unit: 'units/s', belfry: rate(alone), peer, goal: { ratioAtLeast: 0.6 } },
      {
        what: `units, ${underWay} under way`,
        unit: 'units/s',
        belfry: rate(together),
        peer,
        goal: { ratioAtLeast: 5 },
      },
      { what: 'a unit alone, p99', unit: 'ms', belfry: p99Ms(alone) },
      { what: `a unit among ${underWay}, p99`, unit: 'ms', belfry: p99Ms(together) },
    ]
  },
}

interface Outcome {
  readonly perSecond: number
  readonly durationsMs: readonly number[]
}

const session = (name: string) => ({ idHash: name, role: 'viewer', createdAt: 1, expiresAt: 2, lastSeenAt: 1 }) as const

/** Units of two rows each. */
function unitOf(name: string): readonly Write[] {
  return [
    ['session.save', session(`${name} a`)],
    ['session.save', session(`${name} b`)],
  ]
}

async function commits(state: StateStore, label: string, count: number, lanes: number): Promise<Outcome> {
  const durationsMs: number[] = []
  let next = 0
  const lane = async () => {
    while (next < count) {
      const unit = unitOf(`${label} ${next++}`)
      const startedMs = performance.now()
      await state.commit(unit)
      durationsMs.push(performance.now() - startedMs)
    }
  }
  const startedMs = performance.now()
  await Promise.all(Array.from({ length: lanes }, lane))
  return { perSecond: (1000 * count) / (performance.now() - startedMs), durationsMs }
}

/** Transactions of the same two rows, with the same promise of durability. */
function openPlain(file: string) {
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
  return {
    transactionsPerSecond(label: string, count: number): number {
      const startedMs = performance.now()
      for (let next = 0; next < count; next++) unit(`${label} ${next}`)
      return (1000 * count) / (performance.now() - startedMs)
    },
    close: () => void database.close(),
  }
}
