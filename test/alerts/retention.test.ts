import { expect, it } from 'vitest'
import { keepHistoryInBounds } from '#main/alerts/retention.ts'
import type { Write } from '#main/store/state-store.ts'
import { fakePorts } from '#test/support/ports.ts'

const tenMinutesMs = 600_000

it('gives up old history every ten minutes, and goes on after a failure', async () => {
  const ports = fakePorts()
  const units: (readonly Write[])[] = []
  const commit = async (unit: readonly Write[]) => {
    units.push(unit)
    if (units.length === 1) throw new Error('oops')
  }
  const stop = keepHistoryInBounds(ports, { commit, commitNow: commit })
  await ports.time.advance(tenMinutesMs)
  expect(ports.logger.lines).toMatchObject([{ level: 'error', message: 'old alerts could not be given up' }])
  await ports.time.advance(tenMinutesMs)
  expect(units.map((unit) => unit.map(([name]) => name))).toEqual([
    ['alert.prune', 'outbox.prune'],
    ['alert.prune', 'outbox.prune'],
  ])
  stop()
  await ports.time.advance(tenMinutesMs)
  expect(units).toHaveLength(2)
})
