import Database from 'better-sqlite3'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { groupCommits } from '#main/store/group-commit.ts'

/** A unit inserts its rows in order; a row that is there already fails its unit. */
type Unit = readonly number[]

let database: Database.Database
let statements: string[] = []
beforeEach(() => {
  statements = []
  database = new Database(':memory:', { verbose: (sql) => statements.push(String(sql)) })
  database.exec('CREATE TABLE row (value INTEGER PRIMARY KEY)')
})
afterEach(() => database.close())

function group() {
  const insert = database.prepare('INSERT INTO row VALUES (?)')
  return groupCommits<Unit>(
    database,
    (unit) => {
      for (const value of unit) insert.run(value)
    },
    (error) => error,
  )
}
const rows = () => database.prepare('SELECT value FROM row ORDER BY value').pluck().all()

describe('group commit', () => {
  it('commits units that arrive together in one transaction', async () => {
    const { commit } = group()
    await Promise.all([commit([1, 2]), commit([3]), commit([4])])
    expect(rows()).toEqual([1, 2, 3, 4])
    expect(statements.filter((sql) => sql === 'COMMIT')).toHaveLength(1)
  })

  it('bounds a group, so that questions are never held up for long', async () => {
    const { commit } = group()
    await Promise.all(Array.from({ length: 2500 }, (_, value) => commit([value])))
    expect(rows()).toHaveLength(2500)
    expect(statements.filter((sql) => sql === 'COMMIT')).toHaveLength(3)
  })

  it('undoes a failing unit wholly and by itself', async () => {
    const { commit } = group()
    const outcomes = await Promise.allSettled([commit([1]), commit([2, 3, 1]), commit([2]), commit([4])])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
    expect(rows()).toEqual([1, 2, 4])
  })

  it('shows waiting units to whoever flushes first', async () => {
    const { commit, flush } = group()
    const committed = commit([7])
    expect(rows()).toEqual([])
    flush()
    expect(rows()).toEqual([7])
    await committed
  })

  it('tries units one by one when their transaction could not be had', async () => {
    const { commit } = group()
    database.exec('BEGIN')
    await Promise.all([commit([1]), commit([2])])
    expect(rows()).toEqual([1, 2])
    expect(statements.filter((sql) => sql === 'COMMIT')).toHaveLength(2)
  })

  it('tells what stood in the way of a unit, and goes on with the next', async () => {
    const { commit } = group()
    database.exec('BEGIN')
    await expect(commit([1])).rejects.toThrow('cannot start a transaction within a transaction')
    await commit([3])
    expect(rows()).toEqual([3])
  })

  it('loses only the units that did not fit on a full disk', async () => {
    database.exec('CREATE TABLE big (bytes BLOB)')
    database.pragma(`max_page_count = ${Number(database.pragma('page_count', { simple: true })) + 20}`)
    const insert = database.prepare('INSERT INTO big VALUES (zeroblob(?))')
    const { commit } = groupCommits<number>(
      database,
      (bytes) => insert.run(bytes),
      (error) => error,
    )
    const outcomes = await Promise.allSettled([commit(20_000), commit(500_000), commit(10_000)])
    expect(outcomes).toMatchObject([
      { status: 'fulfilled' },
      { status: 'rejected', reason: { code: 'SQLITE_FULL' } },
      { status: 'fulfilled' },
    ])
    expect(database.prepare('SELECT length(bytes) FROM big').pluck().all()).toEqual([20_000, 10_000])
  })

  it('leaves the rows that running the units one after the other would leave', async () => {
    const unit = fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(unit, fc.constant('flush' as const)), { maxLength: 30 }), async (steps) => {
        database.exec('DELETE FROM row')
        const { commit, flush } = group()
        const model = new Set<number>()
        const expected: string[] = []
        const outcomes: Promise<void>[] = []
        for (const step of steps) {
          if (step === 'flush') {
            flush()
            continue
          }
          const fits = new Set(step).size === step.length && step.every((value) => !model.has(value))
          if (fits) for (const value of step) model.add(value)
          expected.push(fits ? 'fulfilled' : 'rejected')
          outcomes.push(commit(step))
        }
        expect((await Promise.allSettled(outcomes)).map(({ status }) => status)).toEqual(expected)
        expect(rows()).toEqual([...model].sort((a, b) => a - b))
      }),
    )
  })
})
