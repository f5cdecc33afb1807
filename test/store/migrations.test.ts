import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { families } from '#main/store/families/index.ts'
import { applyMigrations, pendingMigrations } from '#main/store/migrate.ts'
import { migrations } from '#main/store/migrations/index.ts'

describe("Belfry's own migrations", () => {
  it('are numbered 1, 2, 3 ... without gaps', () => {
    expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, index) => index + 1))
  })

  it.each(migrations.map(({ number, name }) => [number, name]))(
    'lead on from schema %i (%s) to the newest, one by one as well as at once',
    (number) => {
      const schema = (steps: readonly (readonly number[])[]) => {
        const database = new Database(':memory:')
        for (const numbers of steps)
          applyMigrations(
            database,
            migrations.filter((m) => numbers.includes(m.number)),
          )
        expect(pendingMigrations(database, migrations)).toEqual([])
        const tables = database.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY name').all()
        database.close()
        return tables
      }
      const before = migrations.filter((m) => m.number <= number).map((m) => m.number)
      const after = migrations.filter((m) => m.number > number).map((m) => m.number)
      expect(schema([before, after])).toEqual(schema([migrations.map((m) => m.number)]))
    },
  )

  it('make the tables that every family prepares its statements on', () => {
    const database = new Database(':memory:')
    applyMigrations(database, migrations)
    const names = families.flatMap((family) => [
      ...Object.keys(family.writes(database)),
      ...Object.keys(family.questions(database)),
    ])
    expect(new Set(names).size).toBe(names.length)
    expect(names).toContain('audit.append')
    database.close()
  })
})
