import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { backupsToKeep } from '#shared/domain/backup-retention.ts'

const dayMs = 86_400_000
/** A Monday, 03:30. */
const monday = Date.UTC(2026, 0, 5, 3, 30)
const nights = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ id: String(n), takenAt: monday - n * dayMs }))

describe('backupsToKeep', () => {
  it('keeps the newest of each of the last days, and of each of the last weeks', () => {
    const kept = backupsToKeep(nights(40), { keepDaily: 7, keepWeekly: 4 })
    // This week began with the newest; the weeks before end on Sundays: 1, 8 and 15 nights ago.
    expect([...kept].map(Number).sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 8, 15])
  })

  it('keeps one of several on a day, the newest', () => {
    const backups = [
      { id: 'morning', takenAt: monday },
      { id: 'noon', takenAt: monday + dayMs / 3 },
    ]
    expect([...backupsToKeep(backups, { keepDaily: 7, keepWeekly: 4 })]).toEqual(['noon'])
  })

  it('counts days with a backup, so that a long pause costs none', () => {
    const backups = [0, 100, 200].map((n) => ({ id: String(n), takenAt: monday - n * dayMs }))
    expect([...backupsToKeep(backups, { keepDaily: 3, keepWeekly: 0 })]).toEqual(['0', '100', '200'])
  })

  it('has nothing to keep of nothing', () => {
    expect(backupsToKeep([], { keepDaily: 7, keepWeekly: 4 }).size).toBe(0)
  })

  it('always keeps the newest, and never more than it was told', () => {
    const some = fc.array(fc.record({ id: fc.uuid(), takenAt: fc.integer({ min: 0, max: 4e12 }) }), { maxLength: 60 })
    fc.assert(
      fc.property(some, fc.nat(10), fc.nat(10), (backups, keepDaily, keepWeekly) => {
        const kept = backupsToKeep(backups, { keepDaily, keepWeekly })
        expect(kept.size).toBeLessThanOrEqual(Math.max(1, keepDaily + keepWeekly))
        const newest = Math.max(...backups.map(({ takenAt }) => takenAt))
        if (backups.length > 0) expect(backups.some(({ id, takenAt }) => takenAt === newest && kept.has(id))).toBe(true)
      }),
    )
  })
})
