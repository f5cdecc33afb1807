import { expect, it } from 'vitest'
import { lastDueAt, nextDueAt } from '#main/backup/backup-schedule.ts'

const at = (hour: number, minute: number, day = 5) => new Date(2026, 0, day, hour, minute).getTime()

it.each([
  ['before it', at(3, 29), at(3, 30, 4), at(3, 30)],
  ['at it', at(3, 30), at(3, 30), at(3, 30, 6)],
  ['after it', at(23, 0), at(3, 30), at(3, 30, 6)],
  ['across the end of a month', at(1, 0, 32), at(3, 30, 31), at(3, 30, 32)],
])('finds the last and the next time %s', (_, now, last, next) => {
  expect(lastDueAt(now, '03:30')).toBe(last)
  expect(nextDueAt(now, '03:30')).toBe(next)
})
